"""The expected results are written by hand: here they are held against the text of the reports."""

from __future__ import annotations

import csv
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

from samples import draw, report

KINDS = {"count", "percent", "ratio", "money", "quantity", "score", "rank", "change"}
SCALES = {"triệu": 10**6, "tỷ": 10**9, "nghìn": 10**3}
COLUMNS = {
    "letterhead": "source part doc_type number symbol issuer issued_place issued_on subject",
    "sections": "path kind title",
    "figures": "section value kind unit context",
    "not_figures": "value context",
    "sums": "section statement",
}
NAMES = report.names()


def rows(name: str, table: str) -> list[dict[str, str]]:
    path = report.EXPECTED / f"{name}.{table}.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    assert all(None not in row and None not in row.values() for row in found), path
    return found


def flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def numerals(text: str) -> list[Decimal]:
    """All numbers of `text`, written as in the reports: 1.234,5."""
    found = re.findall(r"\d+(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?", text)
    return [Decimal(n.replace(".", "").replace(",", ".")) for n in found]


def scales(text: str) -> list[int]:
    """The powers of ten that the words of `text` may put on a number."""
    return [1, *(scale for word, scale in SCALES.items() if word in text.lower())]


def cell(what: report.Report, context: str) -> tuple[str, str]:
    """The text of the cell `row label | column heading`, and what its unit may come from."""
    label, heading = (flat(part) for part in context.split(" | "))
    for table in what.tables:
        headings = [flat(text) for text in table.columns]
        for row in table.rows:
            if label in map(flat, row) and heading in headings:
                return row[headings.index(heading)], f"{table.title} {row[2]} {heading}"
    raise AssertionError(f"no cell {context!r}")


def values(figure: dict[str, str]) -> list[Decimal]:
    return [Decimal(part) for part in figure["value"].split("/")]


def test_every_report_is_drawn_and_every_recipe_has_a_report() -> None:
    assert set(NAMES) == set(draw.RECIPES)
    assert {path.name.split(".")[0] for path in report.EXPECTED.glob("*.tsv")} == set(NAMES)


def test_the_reports_are_nfc() -> None:
    for path in (*report.REPORTS.glob("*.toml"), *report.EXPECTED.glob("*.tsv")):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("name", NAMES)
def test_columns(name: str, table: str) -> None:
    found = rows(name, table)
    assert found
    assert list(found[0]) == COLUMNS[table].split()


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_stands_in_its_report(name: str) -> None:
    what = report.load(name)
    text = flat(report.words_of(what))
    for figure in rows(name, "figures"):
        assert figure["kind"] in KINDS
        if " | " in figure["context"]:
            shown, unit = cell(what, figure["context"])
        else:
            assert flat(figure["context"]) in text
            shown = unit = figure["context"]
        reachable = {n * scale for n in numerals(shown) for scale in scales(unit)}
        assert set(values(figure)) <= reachable, figure


@pytest.mark.parametrize("name", NAMES)
def test_each_unit_is_as_written(name: str) -> None:
    what = report.load(name)
    for figure in rows(name, "figures"):
        if figure["kind"] == "money":
            assert figure["unit"] == "VND"
        elif figure["unit"]:
            in_table = " | " in figure["context"]
            where = " ".join(cell(what, figure["context"])) if in_table else figure["context"]
            where = where.replace("²", "2").replace("³", "3")
            assert flat(figure["unit"]) in flat(where), figure
        else:
            assert " | " in figure["context"], figure


@pytest.mark.parametrize("name", NAMES)
def test_figures_stand_in_listed_sections(name: str) -> None:
    paths = {section["path"] for section in rows(name, "sections")}
    assert {figure["section"] for figure in rows(name, "figures")} <= paths


@pytest.mark.parametrize("name", NAMES)
def test_sections_are_labelled_in_the_body(name: str) -> None:
    """Each path ends in the label its line begins with, in the order of the body."""
    body = [flat(report.plain(line)) for line in report.load(name).body]
    at = 0
    for section in rows(name, "sections"):
        title = flat(section["title"])
        label = section["path"].rsplit(".", maxsplit=1)[-1].lower().removeprefix("đ")
        if section["kind"] in ("article", "appendix") and not label.isdigit():
            pattern = re.escape(title)
        elif section["kind"] == "article":
            pattern = rf"điều {label}\. {re.escape(title)}"
        else:
            label = label or "đ"
            pattern = rf"(\d+\.)*{re.escape(label)}[.)] {re.escape(title)}"
        matches = [i for i in range(at, len(body)) if re.match(pattern, body[i])]
        assert matches, section
        at = matches[0] + 1


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_figure_stands_in_the_report_too(name: str) -> None:
    text = flat(report.words_of(report.load(name)))
    figures = rows(name, "figures")
    for trap in rows(name, "not_figures"):
        assert flat(trap["context"]) in text, trap
        digits = [int(n) for n in re.findall(r"\d+", trap["context"].replace("10.000", "10000"))]
        assert int(trap["value"]) in digits, trap
        assert flat(trap["context"]) not in {flat(figure["context"]) for figure in figures}


@pytest.mark.parametrize("name", NAMES)
def test_letterhead(name: str) -> None:
    (expected,) = rows(name, "letterhead")
    text = flat(report.words_of(report.load(name)))
    head = report.load(name).letterhead
    assert expected["source"] == name
    # The subject of a công văn is printed behind "V/v" and filed as "Về việc".
    assert flat(expected["subject"]) in text.replace("v/v", "về việc")
    # A department's name gets its province from the line above it.
    for part in expected["issuer"].split(" tỉnh "):
        assert flat(part) in text
    if head is None:
        assert {expected[key] for key in ("doc_type", "number", "symbol", "issued_on")} == {""}
        return
    assert (expected["number"], expected["symbol"]) == (head.number, head.symbol)
    assert expected["issued_place"] == head.place
    assert expected["issued_on"] == f"{head.year}-{int(head.month):02}-{int(head.day):02}"
    # Nghị định 30/2020, Phụ lục I, II.3.b: the symbol begins with the type; a công văn has none.
    assert bool(expected["doc_type"]) == bool(head.type)
    assert not expected["doc_type"] or head.symbol.startswith(expected["doc_type"] + "-")


@pytest.mark.parametrize("name", NAMES)
def test_the_arithmetic_that_a_report_states_is_right(name: str) -> None:
    stated = {value for figure in rows(name, "figures") for value in values(figure)}
    for row in rows(name, "sums"):
        left, right = row["statement"].removesuffix(" %").split(" = ")
        result = Decimal(right)
        first, *rest = re.split(r" ([-+*/]) ", left)
        total = Decimal(first)
        for operator, operand in zip(rest[::2], rest[1::2], strict=True):
            number = Decimal(operand)
            total = {
                "+": total + number, "-": total - number,
                "*": total * number, "/": total / number if number else total,
            }[operator]  # fmt: skip
        if row["statement"].endswith("%"):
            total = (total * 100).quantize(result)
        assert total == result, row
        assert {Decimal(n) for n in re.findall(r"[\d.]+", row["statement"])} <= stated, row


@pytest.mark.parametrize("name", NAMES)
def test_amounts_in_words_repeat_the_amount_in_digits(name: str) -> None:
    text = report.words_of(report.load(name))
    pattern = r"([\d.,]+) (triệu |tỷ )?đồng \(([^)]*) đồng\)"
    for digits, scale, words in re.findall(pattern, text):
        amount = numerals(digits)[0] * SCALES.get(scale.strip(), 1)
        assert in_words(int(amount)) == words.lower()


def in_words(amount: int) -> str:
    """Spell an amount of whole millions the way a treasurer writes it."""
    billions, millions = divmod(amount // 10**6, 1000)
    parts = [f"{_below_thousand(billions)} tỷ"] if billions else []
    return " ".join([*parts, f"{_below_thousand(millions)} triệu"] if millions else parts)


def _below_thousand(number: int) -> str:
    digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [digits[hundreds], "trăm"] if hundreds else []
    if tens:
        words += [digits[tens], "mươi"] if tens > 1 else ["mười"]
    if ones:
        words.append("lăm" if ones == 5 and tens else digits[ones])
    return " ".join(words)


def test_the_readme_lists_every_sample() -> None:
    readme = Path(report.HERE, "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert f"`{name}" in readme
