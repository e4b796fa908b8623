"""Make the tables of `dictionaries/` that are counted, learned or drawn (`make dictionaries channels`).

Nothing here runs while documents are digitised. All of it is deterministic: the same corpora, fonts and OCR
programs give the same bytes.
"""
