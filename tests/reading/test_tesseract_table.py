"""What Tesseract prints is outside input too: a table, or an error of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.reading.engines import OcrError
from baocao_etl.reading.tesseract import _HEADING, _parse

ROW = "5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t95.5\tUBND"


def test_a_row_is_a_word() -> None:
    (line,) = _parse(f"{_HEADING}\n{ROW}\n")
    assert [(word.text, word.box, word.confidence) for word in line.words] == [
        ("UBND", (10, 20, 40, 32), 0.955)
    ]
    assert _parse(_HEADING) == []


@pytest.mark.parametrize(
    "table",
    [
        "level\n5",
        f"{_HEADING}\n{ROW.replace('95.5', 'much')}",
        f"{_HEADING}\n{ROW.replace('10', 'left')}",
        f"{_HEADING}\n{ROW}{'x' * 200_000}",
    ],
)
def test_a_table_that_is_broken_fails_its_page(table: str) -> None:
    with pytest.raises(OcrError, match="cannot be read"):
        _parse(table)


@given(st.lists(st.text(st.sampled_from("5\t1\n.x-é\0\r nan"), max_size=40), max_size=5))
def test_nothing_else_comes_out(lines: list[str]) -> None:
    try:
        found = _parse("\n".join([_HEADING, ROW, *lines]))
    except OcrError:
        return
    for line in found:
        for word in line.words:
            assert word.text == "".join(word.text.split()) != ""
            assert 0.0 <= word.confidence <= 1.0
