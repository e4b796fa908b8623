"""The blocks that stand side by side on a page: letterhead, recipients and signature, masthead.

Their places follow the scheme of Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, mục IV: the issuer in box
2 at the left, the country's name in box 1 at the right, number and place below them, type and subject
centred, recipients at the bottom left and the signature at the bottom right.
"""

from __future__ import annotations

from samples import fonts
from samples.report import Letterhead, Masthead, Report, dateline
from samples.sheet import Placed, Rule, Scrawl, Seal, Sheet, Token, set_line, tokens

LEADING = 15.5
HEAD = 11.0
SMALL = 9.5


def letterhead(sheet: Sheet, head: Letterhead, left: float, right: float, top: float) -> float:
    """Draw boxes 1 to 5 and return the height at which the text may begin."""
    middle = left + 0.40 * (right - left)
    y = top
    rows = [(line, "serif") for line in head.superior]
    rows += [(line, "serif-bold") for line in head.issuer]
    for text, face in rows:
        ends = _centred(sheet, text, face, left, middle, y, HEAD)
        y += LEADING
    _underline(sheet, ends, y - LEADING + 6.2, 0.4)
    if head.of_party:
        _centred(sheet, "*", "serif-bold", left, middle, y + 3, HEAD)
        y += LEADING
    at = top
    for text, size in zip(head.state, (HEAD - 0.4, HEAD + 0.8), strict=False):
        ends = _centred(sheet, text, "serif-bold", middle, right, at, size)
        at += LEADING
    _underline(sheet, ends, at - LEADING + 5.6, 1.0)
    y = max(y, top + 2 * LEADING) + 9
    _number(sheet, head, left, middle, y)
    _date(sheet, head, middle, right, y)
    if not head.type:  # a công văn has its subject in box 5b, under its number
        y += 5
        for text in head.subject:
            y += LEADING - 1.5
            _centred(sheet, text, "serif", left, middle, y, HEAD - 0.5)
        y += 2 * LEADING
    else:
        y = _title(sheet, head, left, right, y + 2.2 * LEADING)
    for text in head.to:
        if text.startswith("-"):
            set_line(sheet, tokens(text), left + 150, y, right - left, 12.0)
        else:
            _centred(sheet, text, "serif", left, right, y, 12.0)
        y += LEADING + 1
    return y + (6 if head.to else 0)


def _title(sheet: Sheet, head: Letterhead, left: float, right: float, y: float) -> float:
    _centred(sheet, head.type, "serif-bold", left, right, y, 12.8)
    for text in head.subject:
        y += LEADING + 1
        ends = _centred(sheet, text, "serif-bold", left, right, y, 12.0)
    _underline(sheet, ends, y + 7.5, 0.35)
    y += 2 * LEADING
    if head.authority:
        _centred(sheet, head.authority, "serif-bold", left, right, y, 12.0)
        y += 1.6 * LEADING
    return y


def _number(sheet: Sheet, head: Letterhead, left: float, right: float, y: float) -> None:
    if "number" not in head.by_hand:
        _centred(sheet, head.reference, "serif", left, right, y, HEAD + 0.3)
        return
    symbol = f"/{head.symbol}"
    label = fonts.width("Số:", "serif", HEAD)
    room = max(32.0, fonts.width(head.number, "hand", 18.5) + 7)
    x = left + (right - left - label - room - fonts.width(symbol, "serif", HEAD)) / 2
    sheet.words.append(Placed("Số:", x, y, "serif", HEAD))
    sheet.words.append(Placed(head.number, x + label + 4, y + 1.0, "hand", 18.5))
    sheet.words.append(Placed(symbol, x + label + room, y, "serif", HEAD))


def _date(sheet: Sheet, head: Letterhead, left: float, right: float, y: float) -> None:
    if "day" not in head.by_hand:
        _centred(sheet, dateline(head), "serif-italic", left, right, y, HEAD + 0.3)
        return
    size = HEAD + 0.3
    before, after = tokens(dateline(head), "serif-italic"), tokens("x", "serif-italic")
    at = next(i for i, token in enumerate(before) if token.text == "ngày") + 1
    before, after = before[:at], before[at + 1 :]
    room = 25.0
    total = sum(fonts.width(t.text, t.face, size) + 0.26 * size for t in (*before, *after)) + room
    start = left + (right - left - total) / 2
    _, x = set_line(sheet, before, start, y, total, size)
    sheet.words.append(Placed(head.day, x + 3, y + 1.5, "hand", 18.0))
    set_line(sheet, after, x + room, y, total, size)


def closing_height(report: Report) -> float:
    """Return the height that `closing` needs."""
    signature = report.signature
    rows = len(signature.capacity) * LEADING + 92 if signature else 0.0
    return max(rows, (len(report.recipients) + 1) * 12.5 + 6)


def closing(sheet: Sheet, report: Report, left: float, right: float, top: float) -> float:
    """Draw recipients (9b) and signature with its seal (7, 8); return the height below them."""
    middle = left + 0.46 * (right - left)
    y = top
    if report.recipients:
        set_line(sheet, tokens(report.recipients[0], "serif-italic"), left, y, middle - left, 10.3)
        for text in report.recipients[1:]:
            y += 12.5
            set_line(sheet, tokens(text), left, y, middle - left, SMALL)
    signature = report.signature
    if signature is None:
        return y
    y = top
    for text in signature.capacity:
        _centred(sheet, text, "serif-bold", middle, right, y, 11.5)
        y += LEADING
    name_at = y + 64
    start, end = _centred(sheet, signature.name, "serif-bold", middle, right, name_at, 12.0)
    if signature.seal:
        # The seal covers about a third of the signature, at its left, and touches the text around.
        sheet.seals.append(Seal(start + 4, y + 22, 46.0, signature.seal[0], signature.seal[1]))
        sheet.scrawls.append(Scrawl(start + 6, y + 34, end - start + 30))
    return name_at + LEADING


def masthead(sheet: Sheet, mast: Masthead, left: float, right: float, top: float) -> float:
    """Draw the head of a bulletin and return the height below it."""
    y = top + 12
    _centred(sheet, mast.title, "sans-bold", left, right, y, 23.0)
    for text in mast.lines:
        y += LEADING + 1
        _centred(sheet, text, "sans", left, right, y, 10.5)
    sheet.rules.append(Rule(left, y + 9, right, y + 9, 1.6))
    sheet.rules.append(Rule(left, y + 12, right, y + 12, 0.5))
    return y + 32


def _centred(
    sheet: Sheet, text: str, face: str, left: float, right: float, y: float, size: float
) -> tuple[float, float]:
    line: list[Token] = tokens(text, face)
    return set_line(sheet, line, left, y, right - left, size, "c")


def _underline(sheet: Sheet, ends: tuple[float, float], y: float, share: float) -> None:
    """Rule a line below a text, `share` as long as the text."""
    centre, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) * share / 2
    sheet.rules.append(Rule(centre - half, y, centre + half, y, 0.7))
