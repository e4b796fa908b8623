"""For a moment what `benchmarks/fuzz.py` does for an hour: parsers of outside bytes keep promises."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_targets import TARGETS

# What the hours of fuzzing found, as short as it came: kept so that it stays mended.
FOUND = {
    "report": ["\0I. A\n1. B " + "5" * 67 + "%\n", "\0I. A\n1. Chi " + "9" * 41 + " đồng\n"],
    "tsv": ["level\n5", "level\tpage_num\ttext\n5\t1\tx", "\0"],
    "dictionary": ["\0phrase\nx\n", "\4id\nx\n", "\5x", "\3abbreviation\n\xff"],
}


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_was_found(name: str) -> None:
    target = TARGETS[name]
    for data in (*target.seeds(), *(text.encode() for text in FOUND.get(name, ())), b"", b"\xff"):
        target.run(data)


@pytest.mark.parametrize("name", sorted(set(TARGETS) - {"repair", "report"}))
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_bytes_of_any_kind(name: str, data: st.DataObject) -> None:
    target = TARGETS[name]
    seed = data.draw(st.sampled_from(target.seeds()))
    at = data.draw(st.integers(0, len(seed)))
    gone = data.draw(st.integers(0, 8))
    target.run(seed[:at] + data.draw(st.binary(max_size=12)) + seed[at + gone :])
