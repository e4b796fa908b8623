"""The scorer of letterheads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from baocao_etl.errors import UsageError
from baocao_etl.evaluation import Expected, Score, compare, kind_of, read_letterheads, score_fields
from baocao_etl.models import Letterhead

HEAD = Letterhead(
    doc_type="BC",
    number="47",
    symbol="BC-STTTT",
    issuer="Uỷ ban nhân dân  huyện Thanh Sơn",
    issued_on=date(2019, 6, 10),
    subject="Kết quả thực hiện các cơ chế, chính sách cải cách hành chính năm 2018",
)


def right(**fields: str | None) -> dict[str, bool]:
    return {o.field: o.right for o in compare(Expected("", 1, fields), HEAD)}


def test_fields_are_compared_as_people_do() -> None:
    assert right(
        number="47",
        issuer="Ủy ban nhân dân huyện Thanh Sơn",
        issued_on="2019-06-10",
        subject="Kết quả thực hiện các cơ chế chính sách cải cách hành chính năm 2018",
        signer="-",
    ) == dict.fromkeys(("number", "issuer", "issued_on", "subject", "signer"), True)
    assert right(number="48", issuer="Ủy ban nhân dân huyện Thanh Sôn", issued_on="-") == {
        "number": False,
        "issuer": False,
        "issued_on": False,
    }


def test_a_little_ocr_damage_in_a_subject_is_forgiven_and_more_is_not() -> None:
    text = "Kết quả thực hiện các cơ chế, chính sách cải cách hành chính năm 2018"
    assert right(subject=text.replace("quả", "qua"))["subject"]
    assert not right(subject=text.removesuffix(" hành chính năm 2018"))["subject"]


def test_fields_that_nobody_can_read_are_not_scored() -> None:
    assert right(number=None, symbol="BC-STTTT") == {"symbol": True}


def test_a_document_that_was_not_found_has_nothing() -> None:
    outcomes = compare(Expected("", 2, {"number": "47", "signer": "-"}), None)
    assert [o.right for o in outcomes] == [False, True]


def test_scores_by_field() -> None:
    outcomes = compare(Expected("", 1, {"number": "47", "symbol": "BC"}), HEAD)
    assert score_fields(outcomes) == {
        "number": Score(1, 1, 1),
        "symbol": Score(1, 1, 0),
        "all": Score(2, 2, 1),
    }


def test_reading_gold(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text(
        "# as printed\nsource\tpart\tnumber\tsymbol\tsigner\tby_hand\n"
        "x\t2\t\tUBND-VX\t-\tnumber issued_on\n",
        encoding="utf-8",
    )
    assert kind_of(path) == "letterheads"
    fields = {"number": None, "symbol": "UBND-VX", "signer": "-"}
    by_hand = frozenset({"number", "issued_on"})
    assert read_letterheads(path) == [Expected("x", 2, fields, by_hand)]


def test_bad_gold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text("part\tnumber\tsymbol\none\t1\tBC\n")
    with pytest.raises(UsageError, match="line 2: part 'one'"):
        read_letterheads(path)
