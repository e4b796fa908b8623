"""Accent-blind full-text search: `search('ho so truc tuyen')` in SQL, ranked by BM25.

The index is DuckDB's fts extension over text without its marks (`bo_dau`). The extension comes from
its package on PyPI, pinned to the DuckDB it was built for, so nothing is fetched at run time.
BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# One statement at a time: DuckDB looks for the table of the PRAGMA when it parses it.
_STEPS = (
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
UPDATE runs SET searchable = true WHERE NOT searchable;
""",
)


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


def refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the sections anew if runs have changed them since; all or nothing."""
    stale = connection.execute("SELECT 1 FROM runs WHERE NOT searchable LIMIT 1").fetchone()
    if stale is None or not load_extension(connection):
        return
    connection.begin()
    try:
        for step in _STEPS:
            connection.execute(step)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
