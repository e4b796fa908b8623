"""Reports that the project writes and draws itself, with the results that a reader should get.

    reports/NAME.toml    what a report says: letterhead, body, tables, recipients, signature
    expected/NAME.*.tsv  what a person reads in it: letterhead, sections, figures, sums
    fonts.py             typefaces that hold every Vietnamese letter, and TCVN3 copies of them
    report.py            the report as data
    sheet.py             what lies on a page: placed words, rules, seals, signatures
    layout.py            report -> sheets (with tables.py and blocks.py)
    raster.py            sheets -> images, with seals and signatures (marks.py)
    faults.py            what a scanner and its operator do to an image
    misread.py           what an English OCR run makes of Vietnamese
    pdf.py               sheets and images -> PDF, with honest, damaged and legacy text layers
    draw.py              the recipe: which report becomes which file, with which faults

Everything is deterministic: fixed seeds and no clock, so two runs with the same library versions
write the same bytes.
"""
