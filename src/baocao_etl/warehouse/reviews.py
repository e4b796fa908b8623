"""What people decided about figures, kept while documents come and go.

`figures.review` is what analysts write and read; `reviews` remembers it with the figure's place, words
and value. When a document is read anew, ids may name other figures, so a decision finds its figure by
place, or by words; it never passes to a figure of another value. One that finds none waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_PLACE = "doc_id, page, raw_from, raw_text, sentence, kind, value"
# Of two readings of a sentence. Jaro-Winkler similarity is 1 for the same text; one syllable repaired
# in a sentence of ten leaves it above this.
_LIKE = 0.9

_REMEMBER = f"""
DELETE FROM reviews WHERE figure_id IN (SELECT figure_id FROM figures WHERE review IS NULL);
UPDATE reviews SET review = f.review, reviewed_at = now() AT TIME ZONE 'UTC'
    FROM figures f WHERE f.figure_id = reviews.figure_id AND f.review <> reviews.review;
INSERT INTO reviews (review_id, figure_id, source_path, review, reviewed_at, {_PLACE})
    SELECT f.figure_id || '@' || f.page || '.' || f.raw_from, f.figure_id, d.source_path,
           f.review, now() AT TIME ZONE 'UTC', {_PLACE}
    FROM figures f JOIN documents d USING (doc_id)
    WHERE f.review IS NOT NULL AND f.figure_id NOT IN (
        SELECT figure_id FROM reviews WHERE figure_id IS NOT NULL)
    ON CONFLICT (review_id) DO UPDATE SET
        figure_id = excluded.figure_id, review = excluded.review, reviewed_at = excluded.reviewed_at;
"""  # noqa: S608 - names of ours

_FIND = f"""
CREATE OR REPLACE TEMP TABLE found_again AS
SELECT r.review_id, f.figure_id, r.review, d.source_path, f.{_PLACE.replace(", ", ", f.")}
FROM reviews r
JOIN figures f ON f.value = r.value AND f.kind = r.kind
JOIN documents d ON d.doc_id = f.doc_id AND (d.doc_id = r.doc_id OR d.source_path = r.source_path),
LATERAL (SELECT f.doc_id = r.doc_id AND f.page = r.page AND f.raw_from = r.raw_from AS in_place,
                jaro_winkler_similarity(f.sentence, r.sentence) AS likeness)
WHERE r.figure_id IS NULL AND f.review IS NULL AND (in_place OR likeness >= {_LIKE})
QUALIFY row_number() OVER (
            PARTITION BY r.review_id
            ORDER BY in_place DESC, likeness DESC, f.raw_text = r.raw_text DESC,
                     f.page = r.page DESC, abs(f.raw_from - r.raw_from), f.figure_id) = 1
    AND row_number() OVER (
            PARTITION BY f.figure_id ORDER BY in_place DESC, likeness DESC, r.review_id) = 1
"""  # noqa: S608 - names of ours

_GIVE = f"""
UPDATE figures SET review = a.review FROM found_again a WHERE a.figure_id = figures.figure_id;
UPDATE reviews SET figure_id = a.figure_id, source_path = a.source_path,
    {", ".join(f"{name} = a.{name}" for name in _PLACE.split(", "))}
    FROM found_again a WHERE a.review_id = reviews.review_id;
"""  # noqa: S608 - names of ours


def remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Record what figures say now: new, changed and withdrawn decisions."""
    connection.execute(_REMEMBER)


def release(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the decisions whose figures were deleted wait for them to come back."""
    connection.execute(
        "UPDATE reviews SET figure_id = NULL WHERE figure_id NOT IN (SELECT figure_id FROM figures)"
    )


def restore(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the decisions that wait to the figures that they were made about, where they are back."""
    if connection.execute("SELECT 1 FROM reviews WHERE figure_id IS NULL LIMIT 1").fetchone():
        connection.execute(_FIND)
        connection.execute(_GIVE)
        connection.execute("DROP TABLE found_again")
