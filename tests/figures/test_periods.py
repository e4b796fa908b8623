"""Periods that a text names, one form each."""

from __future__ import annotations

from datetime import date

import pytest

from baocao_etl.figures.periods import periods_in, year

D = date.fromisoformat


@pytest.mark.parametrize(
    ("plain", "begin", "end"),
    [
        ("tu 01/02/2020 den het ngay 28/10/2020", "2020-02-01", "2020-10-28"),
        ("tu thang 3/2019 den het thang 2 nam 2020", "2019-03-01", "2020-02-29"),
        ("tinh den ngay 15/9/2021", "2021-01-01", "2021-09-15"),
        ("den het thang 6/2021", "2021-01-01", "2021-06-30"),
        ("tu dau nam 2020 den nay", "2020-01-01", "2022-12-31"),
        ("9 thang dau nam 2021", "2021-01-01", "2021-09-30"),
        ("6 thang dau nam", "2022-01-01", "2022-06-30"),
        ("3 thang cuoi nam 2021", "2021-10-01", "2021-12-31"),
        ("6 thang cuoi nam", "2022-07-01", "2022-12-31"),
        ("quy iv/2020", "2020-10-01", "2020-12-31"),
        ("quy ii", "2022-04-01", "2022-06-30"),
        ("thang 12 nam 2020", "2020-12-01", "2020-12-31"),
        ("nam hoc 2019-2020", "2019-09-01", "2020-08-31"),
        ("giai doan 2016 - 2020", "2016-01-01", "2020-12-31"),
        ("nam 2018", "2018-01-01", "2018-12-31"),
    ],
)
def test_each_form_names_its_days(plain: str, begin: str, end: str) -> None:
    (named,) = periods_in(plain, year(2022))
    assert named.period == (D(begin), D(end))
    assert plain[named.start : named.end] == plain


@pytest.mark.parametrize(
    "plain", ["den ngay 31/6/2020", "giai doan 2020-2016", "luat dat dai nam 2013"]
)
def test_what_is_no_period_is_none(plain: str) -> None:
    assert periods_in(plain, year(2022)) == ()


def test_a_period_that_only_compares_says_so() -> None:
    (first, second) = periods_in("nam 2019 co 30 ho so, tang so voi nam 2018", year(2022))
    assert (first.compared, second.compared) == (False, True)
