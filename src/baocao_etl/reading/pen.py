"""The number and the day that an office fills in with a pen, read digit by digit.

Nghị định 30/2020/NĐ-CP prints `Số: …/BC-UBND` and `ngày … tháng 6 năm 2021` and leaves the rest to the
registry's pen. Engines take what stands there for letters, or drop it. Where the print around it was
read, its place is known: between `Số:` and the slash, between `ngày` and `tháng`. The strokes there are
cut into digits in the way that the network of `digits` likes best; what it is not sure of stays as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baocao_etl.dictionaries import BUNDLED
from baocao_etl.models import Box
from baocao_etl.reading.digits import NOTHING, Floats, framed, network
from baocao_etl.reading.engines import OcrLine, OcrWord
from baocao_etl.reading.ink import Ink, Patch, bounds, patches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

NETWORK = BUNDLED / "digits.npz"
_HEAD = 0.3  # of the page's height: letterheads stand in it
_NUMBER = re.compile(r"S[ốôoóòõ6ổồộơ]\s?(?:[:.;]{0,2}|[:.;](?P<joined>\S{1,5}))")
_SYMBOL = re.compile(r"[/I|l!]\s?(?=[A-ZĐÐ]{2})")
_DAY = re.compile(r"ng[aàáâä]y(?P<joined>\S*)", re.IGNORECASE)
_MONTH = re.compile(r"(?P<joined>\S{0,4}?)th[aáàâắ]ng", re.IGNORECASE)
_YEAR = re.compile(r"n[ăaâ]m", re.IGNORECASE)
_PRINTED = 0.93  # so sure an engine is of digits that were printed
# That all digits are right; a single one may be a stroke of anything.
_SURE, _SURE_ALONE = 0.8, 0.92
# How wide words are in one type, beside "tháng"; a box may hold strokes of the pen as well.
_DAY_WIDTH, _YEAR_WIDTH = 0.86, 0.74
_SIGN_WIDTH = 1.35  # of a line's height: how wide "Số:" is
_OVERHANG = 0.4  # of a line's height: how far a stroke may reach over the print beside it
_MOST_BETWEEN = 3  # words that an engine makes of what stands between
_GROW = 0.55  # of a line's height: strokes of a pen go beyond it
# Of the line's height, and of its square: less is a dot or a speck.
_LEAST_HEIGHT, _LEAST_AREA = 0.5, 0.02
_MOSTLY, _NEARLY_ALL = 0.5, 0.7  # of a stroke's ink
# Of the line's height: the widest digit, the narrowest two; and places at which a stroke may be cut.
_WIDEST, _NARROWEST, _CUTS = 1.5, 0.9, 9
_MOST_DIGITS = {"day": 2, "number": 4}
_LAST_DAY = 31


class _Gap(NamedTuple):
    """Where a pen may have written: words `start:end` of a line are what an engine made of it.

    `left` and `right` bound it, in pixels; `level` is the box of the print beside it.
    """

    kind: str
    start: int
    end: int
    left: float
    right: float
    level: Box
    before: OcrWord
    behind: OcrWord | None = None


class _Read(NamedTuple):
    text: str
    confidence: float


def pen_again(image: Image.Image, lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return `lines` with the number and the day of the letterhead read again as digits by hand.

    Args:
        image: the picture that `lines` were read from, "L"; their boxes are in its pixels.
        lines: words from left to right.
    """
    found: list[OcrLine] = []
    for line in lines:
        words = list(line.words)
        if words and words[0].box.y0 < _HEAD * image.height:
            for gap in (_day(words), _number(words)):
                if gap and (read := _digits(image, gap)):
                    box = Box(gap.left, gap.level.y0, gap.right, gap.level.y1)
                    word = OcrWord(read.text, box, read.confidence)
                    words[gap.start : gap.end] = [gap.before, word, *filter(None, [gap.behind])]
        found.append(line._replace(words=tuple(words)))
    return found


def _day(words: Sequence[OcrWord]) -> _Gap | None:
    """Return the gap between "ngày" and "tháng", if no sure digits were read there."""
    for i, word in enumerate(words):
        if not (day := _DAY.fullmatch(word.text)):
            continue
        for j in range(i + 1, min(len(words), i + 2 + _MOST_BETWEEN)):
            month = words[j]
            if not (end := _MONTH.fullmatch(month.text)):
                continue
            if j == i + 2 and _is_printed(words[i + 1]) and not day["joined"] + end["joined"]:
                return None
            wide = _month_width(words, i, j, joined=bool(end["joined"]))
            left = min(word.box.x1, word.box.x0 + _DAY_WIDTH * wide)
            right = month.box.x0
            if end["joined"] or month.box.width - wide > _OVERHANG * month.box.height:
                right = month.box.x1 - wide  # its box holds a stroke of the pen
            before = _part(word, len(word.text) - len(day["joined"]), word.box.x0, left)
            print_ = month._replace(text=month.text[len(end["joined"]) :])
            behind = _part(print_, len(print_.text), right, month.box.x1)
            return _Gap("day", i, j + 1, left, right, month.box, before, behind)
    return None


def _part(word: OcrWord, letters: int, x0: float, x1: float) -> OcrWord:
    """Return the first `letters` of `word`, which stand from `x0` to `x1`."""
    sure = max(word.confidence, _PRINTED)  # what is left of it could not be plainer
    return OcrWord(word.text[:letters], word.box._replace(x0=x0, x1=x1), sure)


def _month_width(words: Sequence[OcrWord], day: int, month: int, *, joined: bool) -> float:
    """Return how wide "tháng" is in this line, by whichever of its words holds no stroke of the pen."""
    widths = [] if joined else [words[month].box.width]
    if words[day].text.lower() in ("ngày", "ngay"):
        widths.append(words[day].box.width / _DAY_WIDTH)
    years = [w for w in words[month + 1 : month + 4] if _YEAR.fullmatch(w.text)]
    widths += [word.box.width / _YEAR_WIDTH for word in years]
    return min(widths, default=words[month].box.width)


def _number(words: Sequence[OcrWord]) -> _Gap | None:
    """Return the gap between "Số:" and the slash before the symbol, if no sure digits were read there."""
    for i, word in enumerate(words):
        if not (sign := _NUMBER.fullmatch(word.text)):
            continue
        for j in range(i + 1, min(len(words), i + 2 + _MOST_BETWEEN)):
            symbol = words[j]
            if _SYMBOL.match(symbol.text):
                between = words[i + 1 : j]
                if between and all(map(_is_printed, between)) and not sign["joined"]:
                    return None
                left = word.box.x1
                if joined := sign["joined"] or "":
                    left = min(left, word.box.x0 + _SIGN_WIDTH * symbol.box.height)
                before = _part(word, len(word.text) - len(joined), word.box.x0, left)
                return _Gap("number", i, j, left, symbol.box.x0, symbol.box, before)
    return None


def _is_printed(word: OcrWord) -> bool:
    return word.text.isdigit() and word.confidence >= _PRINTED


def _digits(image: Image.Image, gap: _Gap) -> _Read | None:
    """Read the strokes in `gap`; None where they are no number, or not surely one."""
    height = gap.level.height
    if gap.right - gap.left < 0.3 * height:
        return None
    over = _OVERHANG * height
    top, left = max(0, round(gap.level.y0 - _GROW * height)), max(0, round(gap.left - over))
    crop = image.crop((left, top, round(gap.right + over), round(gap.level.y1 + _GROW * height)))
    grey = np.asarray(crop)
    dark, light = np.percentile(grey, (1, 75))
    strokes = [
        part
        for stroke in _strokes(grey < (float(dark) + float(light)) / 2)
        if (part := _between(stroke, gap.left - left, gap.right - left))
        and _is_of_digit(part, height, (gap.level.y0 + gap.level.y1) / 2 - top)
    ]
    if not strokes:
        return None
    best = _best(_merged(strokes), height, gap.kind)
    if best is None or best.confidence < (_SURE if len(best.text) > 1 else _SURE_ALONE):
        return None
    return best


class _Stroke(NamedTuple):
    """Ink that hangs together: its picture, cut out closely, and where that lies in the gap."""

    ink: Ink
    top: int
    left: int

    @property
    def right(self) -> int:
        return self.left + int(self.ink.shape[1])

    def with_(self, other: _Stroke) -> _Stroke:
        """Return both as one."""
        top, left = min(self.top, other.top), min(self.left, other.left)
        bottom = max(self.top + self.ink.shape[0], other.top + other.ink.shape[0])
        ink = np.zeros((bottom - top, max(self.right, other.right) - left), dtype=bool)
        for one in (self, other):
            rows, columns = one.ink.shape
            y, x = one.top - top, one.left - left
            ink[y : y + rows, x : x + columns] |= one.ink
        return _Stroke(ink, top, left)

    def cut(self, at: int) -> tuple[_Stroke, _Stroke]:
        """Return what is left and right of column `at`."""
        return _closely(self.ink[:, :at], self.top, self.left), _closely(
            self.ink[:, at:], self.top, self.left + at
        )


def _closely(ink: Ink, top: int, left: int) -> _Stroke:
    found = bounds(ink)
    if found is None:
        return _Stroke(np.ones((1, 1), dtype=bool), top, left)
    x0, y0, x1, y1 = map(int, found)
    return _Stroke(ink[y0:y1, x0:x1], top + y0, left + x0)


def _strokes(ink: Ink) -> list[_Stroke]:
    """Return the connected ink of a small picture, from left to right."""
    found = sorted(patches(ink), key=lambda patch: (patch.box.x0, patch.runs[-1]))
    return [_stroke(patch) for patch in found]


def _stroke(patch: Patch) -> _Stroke:
    left, top, right, bottom = map(int, patch.box)
    ink = np.zeros((bottom - top, right - left), dtype=bool)
    for y, start, end in patch.runs:
        ink[y - top, start - left : end - left] = True
    return _Stroke(ink, top, left)


def _between(stroke: _Stroke, left: float, right: float) -> _Stroke | None:
    """Return what of a stroke lies in a gap: all of it if most does, for pens write over the print."""
    columns = stroke.ink.sum(axis=0)
    at = stroke.left + np.arange(len(columns))
    inside = columns[(at >= left) & (at <= right)].sum() / columns.sum()
    if inside < _MOSTLY:
        return None
    if stroke.left > 0 and inside > _NEARLY_ALL:
        return stroke
    first, last = max(0, round(left) - stroke.left), min(len(columns), round(right) - stroke.left)
    return _closely(stroke.ink[:, first:last], stroke.top, stroke.left + first)


def _is_of_digit(stroke: _Stroke, height: float, middle: float) -> bool:
    rows, columns = stroke.ink.shape
    bar = columns > 1.5 * rows and rows > 0.1 * height  # as of a 5, or across a 7
    crosses = stroke.top - 0.4 * height < middle < stroke.top + rows + 0.4 * height
    tall = rows >= _LEAST_HEIGHT * height
    return bool((tall or bar) and stroke.ink.sum() >= _LEAST_AREA * height**2 and crosses)


def _merged(strokes: Sequence[_Stroke]) -> list[_Stroke]:
    """Return strokes of which one lies over the other as one."""
    found: list[_Stroke] = []
    for stroke in strokes:
        if found:
            before = found[-1]
            across = min(before.right, stroke.right) - max(before.left, stroke.left)
            if across > 0.6 * min(before.ink.shape[1], stroke.ink.shape[1]):
                found[-1] = before.with_(stroke)
                continue
        found.append(stroke)
    return found


def _best(strokes: Sequence[_Stroke], height: float, kind: str) -> _Read | None:
    """Return the likeliest reading of `strokes`, each a digit, two digits, or a part of one."""
    known = network(NETWORK)
    best: dict[int, tuple[float, list[Floats]]] = {0: (1.0, [])}
    for start in range(len(strokes)):
        if start not in best:
            continue
        for end in range(start + 1, min(len(strokes), start + 3) + 1):
            whole = strokes[start]
            for other in strokes[start + 1 : end]:
                whole = whole.with_(other)
            for parts in _ways(whole, height, may_cut=end == start + 1):
                likely = known.probabilities(np.stack([framed(part.ink) for part in parts]))
                sure = float(np.prod(likely[:, :NOTHING].max(axis=1))) * best[start][0]
                read = [*best[start][1], *likely]
                if len(read) <= _MOST_DIGITS[kind] and sure > best.get(end, (0.0, read))[0]:
                    best[end] = sure, read
    _, likely_digits = best.get(len(strokes), (0.0, []))
    if not likely_digits:
        return None
    return _day_of(likely_digits) if kind == "day" else _number_of(likely_digits)


def _number_of(likely: Sequence[Floats]) -> _Read:
    digits = [int(one[:NOTHING].argmax()) for one in likely]
    sure = float(np.prod([one[digit] for one, digit in zip(likely, digits, strict=True)]))
    return _Read("".join(map(str, digits)), sure)


def _day_of(likely: Sequence[Floats]) -> _Read:
    """Return the likeliest of the days that a month can have, each as likely as another beforehand."""
    days = {
        text: float(np.prod([one[int(c)] for one, c in zip(likely, text, strict=True)]))
        for day in range(1, _LAST_DAY + 1)
        for text in {str(day), f"{day:02}"}
        if len(text) == len(likely)
    }
    best = max(days, key=lambda text: days[text])
    none = 1 - float(np.prod([1 - one[NOTHING] for one in likely]))
    return _Read(best, days[best] / (sum(days.values()) + none))


def _ways(whole: _Stroke, height: float, *, may_cut: bool) -> list[tuple[_Stroke, ...]]:
    """Return how ink may be cut into digits: not at all, or where little of it is, in two."""
    columns = whole.ink.shape[1]
    ways: list[tuple[_Stroke, ...]] = []
    if columns <= _WIDEST * height:
        ways.append((whole,))
    if may_cut and columns > _NARROWEST * height:
        first, last = round(0.25 * columns), round(0.75 * columns)
        weights = whole.ink.sum(axis=0)[first:last]
        ways += [whole.cut(first + int(i)) for i in np.argsort(weights, kind="stable")[:_CUTS]]
    return ways
