"""Accent-blind full-text search: `search('ho so truc tuyen')` in SQL, ranked by BM25.

The index is DuckDB's fts extension over text without its marks (`bo_dau`). The extension comes from
its package on PyPI, pinned to the DuckDB it was built for, so nothing is fetched at run time.
BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from baocao_etl.warehouse.transactions import transaction

if TYPE_CHECKING:
    import duckdb

# One statement at a time: DuckDB looks for the table of the PRAGMA when it parses it.
_BUILD = (
    """
CREATE OR REPLACE TABLE search_input AS
    SELECT section_id, lower(bo_dau(title)) AS title, lower(bo_dau(text)) AS text FROM sections
""",
    """
PRAGMA create_fts_index('search_input', 'section_id', 'title', 'text',
    stemmer = 'none', stopwords = 'none', ignore = '[^a-z0-9]+', overwrite = 1)
""",
    """
DROP TABLE search_input;
CREATE OR REPLACE MACRO search(words) AS TABLE
    SELECT round(hit.score, 3) AS score, s.path, s.title, s.text,
           parse_filename(d.source_path) AS file, s.page_from AS page, s.section_id, s.doc_id
    FROM (SELECT section_id,
                 fts_main_search_input.match_bm25(section_id, lower(bo_dau(words))) AS score
          FROM sections) AS hit
    JOIN sections s USING (section_id) JOIN documents d USING (doc_id)
    WHERE hit.score IS NOT NULL
    ORDER BY hit.score DESC, s.section_id;
COMMENT ON MACRO TABLE search IS 'Sections that hold the words, marks aside, the likeliest first';
""",
)
# The extension can only build an index whole, which takes 20 s for 20,000 documents. Its tables are
# plain ones, so a few documents are exchanged in them: `docs` are sections (name: section_id; len: in
# terms), `terms` the places of the terms of `dict` (df: sections that hold it) in title (0) and text (1).
_EXCHANGE = """
CREATE OR REPLACE TEMP TABLE search_gone AS
    SELECT docid FROM fts_main_search_input.docs
    WHERE name NOT IN (SELECT section_id FROM sections) OR name IN (SELECT section_id FROM search_new);
CREATE OR REPLACE TEMP TABLE search_terms AS
    WITH numbered AS (
        SELECT row_number() OVER (ORDER BY section_id) + last AS docid, *
        FROM search_new, (SELECT coalesce(max(docid), -1) AS last FROM fts_main_search_input.docs))
    SELECT docid, section_id, field.id AS fieldid, unnest(
        list_filter(fts_main_search_input.tokenize(lower(bo_dau(field.value))), term -> term <> '')
    ) AS term
    FROM (SELECT docid, section_id, unnest([{id: 0, value: title}, {id: 1, value: text}]) AS field
          FROM numbered);

UPDATE fts_main_search_input.dict SET df = df - n FROM (
    SELECT termid AS changed, count(DISTINCT docid) AS n FROM fts_main_search_input.terms
    WHERE docid IN (FROM search_gone) GROUP BY ALL) WHERE termid = changed;
DELETE FROM fts_main_search_input.terms WHERE docid IN (FROM search_gone);
DELETE FROM fts_main_search_input.docs WHERE docid IN (FROM search_gone);

INSERT INTO fts_main_search_input.dict
    SELECT row_number() OVER (ORDER BY term) + last, term, 0
    FROM (SELECT DISTINCT term FROM search_terms ANTI JOIN fts_main_search_input.dict USING (term)),
         (SELECT coalesce(max(termid), -1) AS last FROM fts_main_search_input.dict);
UPDATE fts_main_search_input.dict SET df = df + n FROM (
    SELECT term AS changed, count(DISTINCT docid) AS n FROM search_terms GROUP BY ALL)
    WHERE term = changed;
INSERT INTO fts_main_search_input.terms
    SELECT docid, fieldid, termid FROM search_terms JOIN fts_main_search_input.dict USING (term);
INSERT INTO fts_main_search_input.docs
    SELECT docid, section_id, count(*) FROM search_terms GROUP BY ALL;
UPDATE fts_main_search_input.stats SET
    num_docs = (SELECT count(*) FROM sections),
    avgdl = (SELECT sum(len) FROM fts_main_search_input.docs) / (SELECT count(*) FROM sections);
DELETE FROM fts_main_search_input.dict WHERE df = 0;
DROP TABLE search_terms;
DROP TABLE search_gone;
"""
_NEW = """
CREATE OR REPLACE TEMP TABLE search_new AS
    SELECT section_id, title, text
    FROM sections JOIN documents USING (doc_id) JOIN runs USING (run_id) WHERE NOT searchable
"""
_FEW = 4  # sections are exchanged when so many times as many stay


def load_extension(connection: duckdb.DuckDBPyConnection) -> bool:
    """Load the fts extension from its package; return whether it is there."""
    spec = find_spec("duckdb_extension_fts")
    if spec is None or spec.origin is None:
        return False
    found = sorted(Path(spec.origin).parent.glob("extensions/*/fts.duckdb_extension"))
    if not found:
        return False
    connection.load_extension(str(found[-1]))
    return True


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the index anew, and the macro `search`; the extension is loaded."""
    for step in _BUILD:
        connection.execute(step)


def refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the index up to date if runs have changed the sections since; all or nothing."""
    stale = connection.execute("SELECT 1 FROM runs WHERE NOT searchable LIMIT 1").fetchone()
    if stale is None or not load_extension(connection):
        return
    with transaction(connection):
        if _few_are_new(connection):
            connection.execute(_EXCHANGE)
        else:
            build(connection)
        connection.execute("UPDATE runs SET searchable = true WHERE NOT searchable")
        connection.execute("DROP TABLE IF EXISTS temp.search_new")


def _few_are_new(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether an index is there and lacks few sections, which then are in `search_new`."""
    there = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'fts_main_search_input' LIMIT 1"
    ).fetchone()
    if there is None:
        return False
    connection.execute(_NEW)
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM search_new) * ? < (SELECT count(*) FROM sections)", [_FEW]
    ).fetchone()
    return counts == (True,)
