"""What was worked out once is kept, within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.repair.kept import Kept


@given(st.lists(st.integers(0, 9)), st.integers(1, 6))
def test_values_are_right_and_never_more_than_the_most(asked: list[int], most: int) -> None:
    kept = Kept(lambda n: n * n, most)
    for n in asked:
        assert kept[n] == n * n
        assert len(kept) <= most


def test_a_value_is_worked_out_once() -> None:
    made: list[str] = []
    kept: Kept[str, int] = Kept(lambda text: made.append(text) or len(text), 10)  # type: ignore[func-returns-value]
    assert [kept["xã"], kept["huyện"], kept["xã"]] == [2, 5, 2]
    assert made == ["xã", "huyện"]


def test_a_value_may_need_others_of_its_kind() -> None:
    kept: Kept[int, int] = Kept(lambda n: n if n < 2 else kept[n - 1] + kept[n - 2], 3)
    assert kept[20] == 6765
    assert len(kept) <= 3
