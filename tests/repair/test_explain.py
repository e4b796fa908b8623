"""Line numbers of corrections, and diffs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.models import Correction
from baocao_etl.repair import words_of
from baocao_etl.repair.explain import changes, unified_diff

TEXTS = st.text(alphabet="ab \n\r\x0c\u2028", max_size=60)


@given(TEXTS)
def test_a_change_has_the_line_of_its_word(text: str) -> None:
    words = words_of(text)
    rows = [
        Correction(page=1, offset=w.offset, raw=w.raw, text="x", reason="decoder", confidence=1)
        for w in words
    ]
    told = changes(text, reversed(rows))
    assert [change.line for change in told] == [word.line for word in words]
    assert [change.correction for change in told] == rows


@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts(raw: str, repaired: str) -> None:
    lines = list(unified_diff(raw, repaired, "file"))
    assert bool(lines) == (raw != repaired)
    assert all(line.endswith("\n") for line in lines)
    body = [line for line in lines[2:] if line[0] in "+-"]
    assert sum(line[0] == "+" for line in body) <= repaired.count("\n") + 1


def test_a_diff_names_the_file_and_a_missing_end_of_line() -> None:
    assert "".join(unified_diff("a\r\nb", "a\r\nc\n", "f.txt")) == (
        "--- f.txt\traw\n+++ f.txt\trepaired\n@@ -1,2 +1,2 @@\n a\r\n-b\n"
        "\\ No newline at end of file\n+c\n"
    )
