"""Paragraphs as long as no report has them: a dump without line breaks, or one made to stop us."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from .support import figures_in

HEAD = "BÁO CÁO\nKết quả công tác năm 2020\n\nI. KẾT QUẢ\n"
SECONDS = 20  # of the processor; each took minutes where a step looked at the whole paragraph


@pytest.mark.parametrize(
    ("repeated", "times", "expected"),
    [
        ("khoản 2 Điều 3 ", 300, 0),  # could be read as clauses in 2 to the power of 300 ways
        ("1", 30_000, 0),  # each of its digits began numbers of documents
        ("có 12 hồ sơ, ", 800, 800),
        ("tăng 5 điểm so với năm 2018 (31 điểm), ", 300, 600),
    ],
)
def test_a_long_paragraph_takes_no_longer_than_its_length_asks_for(
    tmp_path: Path, repeated: str, times: int, expected: int
) -> None:
    begin = time.process_time()
    figures = figures_in(f"{HEAD}{repeated * times}\n", tmp_path)
    assert time.process_time() - begin < SECONDS
    assert len(figures) == expected
