"""Which lines are headings: a search over all the labels of a document together.

Line by line, "111." could be anything. Between II. and a new 1. it is III. So the numbering is found as
the cheapest path through the lines (a beam search; cf. Viterbi 1967 for the exact form): each line that
begins like a label either is one, at the cost of how oddly it is printed and how badly it follows what
came before, or is not, at the cost of having looked so much like one. A second search knows the
document's own scheme from the first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from baocao_etl.structure.lines import SENTENCE_END, Line, is_capitals, starts_low, typical_width
from baocao_etl.structure.numbering import (
    ARABIC,
    BULLET,
    DIVISIONS,
    PARTS,
    ROMAN_PARTS,
    Decimal,
    Family,
    Label,
    Value,
    readings,
)
from baocao_etl.structure.scheme import Scheme, Seen

BEAM = 48
SKIP_COST = {"Phần": 5.0, "Chương": 5.0, "Mục": 5.0, "Tiểu mục": 5.0, "A.": 2.2, "I.": 4.0, "Điều": 5.0,
             "1.": 3.0, "1.1": 3.0, "a)": 3.0, "(1)": 1.0, "Thứ nhất": 1.5, "Một là": 1.5}  # fmt: skip
FIRST, DEEPER_THAN_USUAL, LOST_LABEL = 0.3, 2.5, 1.0
AFTER_ARTICLE = 1.0  # a part that does not stand in the article above it
REPEATED, RESTARTED = 6.0, 4.5  # a number again; the first again, as where the title above was lost
LOST_FIRST = 0.9  # more than a lost label between its siblings
LOST_TITLE = 2.8  # a title in capitals of which nothing but the words is left
LOW, LOW_BENT = 1.0, 1.5  # a small letter behind a label that is printed well, or oddly
POINT, POINT_BENT = 0.8, 2.0  # a point's title in capitals, behind a small letter or a capital
WRAPPED, WRAPPED_SURE = 2.5, 0.6  # a label inside a paragraph; one that hardly a sentence has
SLOPE, LOW_AGAIN = 1.0, 0.9  # how fast odd print makes it cheap to say that a line is no heading
TITLED = 1.2  # a label before a title in capitals is hardly ever anything else

ROW = 3.5
AWAY, FARTHEST = 3.0, 4.0  # a mark in the margin is no label: line heights that may lie behind one
SIGN = 0.4  # what a label costs of which only the sign behind it is unusual
_TWO_VALUES = re.compile(r"[^\W\d_].*\s[\d.,]+%?\s+[\d.,]+%?\s*$")

Level = tuple[Family, Value]
Stack = tuple[Level, ...]


class Heading(NamedTuple):
    """A line that opens a numbered section, with the levels it stands in, itself last."""

    line: int
    label: Label
    levels: Stack


class _State(NamedTuple):
    cost: float
    stack: Stack
    headings: tuple[Heading, ...]


class _Candidate(NamedTuple):
    """A line that may be a heading: the readings of its label, and the cost of its being none."""

    line: int
    labels: tuple[Label, ...]
    skip: float
    capitals: bool
    lost: bool


class _Step(NamedTuple):
    """One way in which a label follows the open levels; `levels` are those it stands in."""

    cost: float
    levels: Stack
    stack: Stack


def find_headings(lines: Sequence[Line], behind_tables: Collection[int] = ()) -> list[Heading]:
    """Return the headings among `lines`, in order.

    Tables are no part of `lines`; `behind_tables` are the indices of those right behind one.
    """
    candidates = _candidates(lines, behind_tables)
    first = _search(candidates, Scheme())
    capitals = {c.line: c.capitals for c in candidates}
    scheme = Scheme(_seen(first, capitals))
    if scheme.is_set_in_capitals(ROMAN_PARTS.name):
        candidates = sorted([*candidates, *_bare_titles(lines, capitals)])
    return _search(candidates, scheme)


def _seen(headings: Sequence[Heading], capitals: dict[int, bool]) -> list[Seen]:
    found: list[Seen] = []
    before: Stack = ()
    for heading in headings:
        above = heading.levels[-2][0].name if len(heading.levels) > 1 else ""
        opens = heading.levels[:-1] == before or heading.levels[:-1] == before[:-1]
        known = any(
            family is heading.levels[-1][0] for family, _ in before[len(heading.levels) - 1 :]
        )
        found.append(
            Seen(heading.label.family.name, above, opens and not known, capitals[heading.line])
        )
        before = heading.levels
    return found


def _search(candidates: Sequence[_Candidate], scheme: Scheme) -> list[Heading]:
    beam: dict[Stack, _State] = {(): _State(0.0, (), ())}
    for candidate in candidates:
        following: dict[Stack, _State] = {}
        for state in beam.values():
            _keep(following, state._replace(cost=state.cost + candidate.skip))
            for label in candidate.labels or _lost_labels(state.stack, candidate):
                cost = label.cost
                if not candidate.lost or candidate.capitals:
                    cost += scheme.setting_cost(label.family.name, candidate.capitals)
                for step in _steps(state.stack, label, scheme):
                    heading = Heading(candidate.line, label, step.levels)
                    total = state.cost + cost + step.cost
                    _keep(following, _State(total, step.stack, (*state.headings, heading)))
        cheapest = sorted(following.values(), key=lambda s: s.cost)[:BEAM]
        beam = {state.stack: state for state in cheapest}
    return list(min(beam.values(), key=lambda s: s.cost).headings)


def _keep(states: dict[Stack, _State], state: _State) -> None:
    known = states.get(state.stack)
    if known is None or state.cost < known.cost:
        states[state.stack] = state


def _candidates(lines: Sequence[Line], behind_tables: Collection[int]) -> list[_Candidate]:
    short = 0.78 * typical_width(lines)
    found: list[_Candidate] = []
    for i, line in enumerate(lines):
        fresh = i in behind_tables or _begins_paragraph(lines, i, short)
        labels = _labels(line, fresh)
        lost = not labels and _lost(line, fresh)
        if labels or lost:
            length = labels[0].length if labels else 1
            capitals = is_capitals(line.text[length:])
            skip = 1.2 if lost else _skip_cost(line, fresh, capitals)
            found.append(_Candidate(i, tuple(labels), skip, capitals, lost))
    return found


def _bare_titles(lines: Sequence[Line], known: dict[int, bool]) -> list[_Candidate]:
    """Return the lines in capitals that may be titles whose labels were eaten whole."""
    return [
        _Candidate(i, (), 0.0, True, True)
        for i, line in enumerate(lines)
        if i not in known
        and len(line.text) > 8
        and is_capitals(line.text)
        and not BULLET.match(line.text)
        and (i == 0 or not is_capitals(lines[i - 1].text))
    ]


def _begins_paragraph(lines: Sequence[Line], i: int, short: float) -> bool:
    """Say whether line `i` can begin a paragraph, going by how the line before it ended.

    A line of fewer than `short` characters was not filled, so what follows it begins anew.
    """
    if i == 0:
        return True
    before, line = lines[i - 1], lines[i]
    ended = before.text.rstrip("\"')”’ ").endswith((*SENTENCE_END, ","))
    ended = ended or (before.text[0] == "(" and before.text[-1] == ")")
    if ended or line.gap_above or before.span.page != line.span.page or len(before.text) < short:
        return True
    return is_capitals(before.text) and not is_capitals(line.text)


def _labels(line: Line, fresh: bool) -> list[Label]:
    return [
        label._replace(
            cost=label.cost
            + (0.0 if fresh else WRAPPED_SURE if _stands_alone(line, label) else WRAPPED)
            + _case_cost(line, label)
            + _row_cost(line, label)
            + _margin_cost(line, label.length)
        )
        for label in readings(line.text, line.raw)
    ]


def _stands_alone(line: Line, label: Label) -> bool:
    """Say whether a label is one that no line of running text begins with: `2.1. Ý kiến`."""
    rest = line.text[label.length :]
    titled = label.cost == 0 and rest[:1].isupper()
    return titled and (isinstance(label.family, Decimal) or label.family is ROMAN_PARTS)


def _case_cost(line: Line, label: Label) -> float:
    """Return what it costs that the label is followed by a small letter, or a point by capitals."""
    rest = line.text[label.length :]
    if label.family.kind == "point":  # "C. KẾT LUẬN" is no point c
        bent = label.printed[:1].isupper()
        return (POINT_BENT if bent else POINT) if is_capitals(rest) else 0.0
    if not starts_low(rest):
        return 0.0
    return LOW if label.cost <= SIGN else LOW_BENT


def _row_cost(line: Line, label: Label) -> float:
    """Return what it costs that the line looks like a table's row: a number, a name, two values."""
    return ROW if label.printed.isdigit() and _TWO_VALUES.search(line.text) else 0.0


def _margin_cost(line: Line, length: int) -> float:
    """Return what it costs that a label of `length` characters stands too far from its text.

    What is written by hand in the margin is read into the line beside it.
    """
    if line.box is None:
        return 0.0
    end = 0
    for before, behind in pairwise(line.words):
        end += len(before.text) + 1
        if before.box and behind.box:
            gap = behind.box.x0 - before.box.x1
            if gap > FARTHEST * behind.box.height:
                return AWAY
        if end >= length:
            break
    return 0.0


def _skip_cost(line: Line, fresh: bool, capitals: bool) -> float:
    """Return what it costs to say that a line which begins like this is no heading."""
    best = max(
        SKIP_COST[x.family.name] - SLOPE * x.cost - LOW_AGAIN * _case_cost(line, x)
        for x in readings(line.text, line.raw)
    )
    best = max(0.1, best + (TITLED if capitals else 0.0))
    sure = any(_stands_alone(line, label) for label in readings(line.text, line.raw))
    return best if fresh or sure else 0.3 * best


def _lost(line: Line, fresh: bool) -> bool:
    """Say whether the line looks like a heading whose label was eaten: a stop, then a capital."""
    raw = line.raw
    stop = fresh and raw[:1] in ".:," and raw[1:].lstrip()[:1].isupper()
    return stop and not _margin_cost(line, 1)


def _lost_labels(stack: Stack, candidate: _Candidate) -> list[Label]:
    """Return the labels that could have stood there: the successor at each open level, or a first."""
    if candidate.skip == 0.0:  # not even a stop is left: only a part's title is set like this
        parts = [(f, v) for f, v in stack if f is ROMAN_PARTS]
        return [Label(f, f.successor(v), LOST_TITLE, 1, "") for f, v in parts]
    found = [Label(family, family.successor(value), LOST_LABEL, 1, "") for family, value in stack]
    known = {family for family, _ in stack}
    first = LOST_LABEL + LOST_FIRST
    return found + [Label(f, (1,), first, 1, "") for f in (ROMAN_PARTS, ARABIC) if f not in known]


def _steps(stack: Stack, label: Label, scheme: Scheme) -> list[_Step]:
    """Return the ways in which `label` can follow the open levels, with their costs."""
    family, value = label.family, label.value
    if isinstance(family, Decimal):
        return _decimal_steps(stack, family, value)
    steps: list[_Step] = []
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth][0] is family:
            skipped = family.skipped(stack[depth][1], value)
            again = RESTARTED if family.predecessor(value) is None else REPEATED
            cost = again if skipped is None else _gap_cost(skipped)
            steps.append(_step(cost, stack, depth, family, value))
    if steps:
        return steps
    depth = next((d for d, (f, _) in enumerate(stack) if f.rank >= family.rank), len(stack))
    # The first of a level has no sibling to vouch for it, so its print must be the better.
    cost = _open_cost(family, value) + 0.5 * label.cost
    # What an article approves has parts of its own: "Điều 1. Phê duyệt Đề án ... như sau: I. MỤC TIÊU".
    in_article = family in PARTS and bool(stack) and stack[-1][0].kind == "article"
    usual = cost + AFTER_ARTICLE * in_article
    steps.append(_opened(usual, stack, depth, family, value, scheme))
    if depth < len(stack):
        deeper = cost + DEEPER_THAN_USUAL * (not in_article)
        steps.append(_opened(deeper, stack, len(stack), family, value, scheme))
    return steps


def _opened(
    cost: float, stack: Stack, depth: int, family: Family, value: Value, scheme: Scheme
) -> _Step:
    above = stack[depth - 1][0].name if depth else ""
    return _step(cost + scheme.opening_cost(above, family.name), stack, depth, family, value)


def _step(cost: float, stack: Stack, depth: int, family: Family, value: Value) -> _Step:
    """Put the level in its place; behind a division, the articles go on counting."""
    levels = (*stack[:depth], (family, value))
    running = [level for level in stack[depth:] if level[0].kind == "article"]
    goes_on = bool(running) and family in DIVISIONS
    return _Step(cost, levels, (*levels, running[0]) if goes_on else levels)


def _gap_cost(skipped: int) -> float:
    return 0.0 if skipped == 0 else min(5.5, 1.4 + 0.6 * skipped)


def _open_cost(family: Family, value: Value) -> float:
    """Return what it costs to open a level with `value`: little for the first, more for others."""
    before = family.skipped((0,), value) or 0
    return FIRST if before == 0 else min(6.0, 2.2 + 0.6 * before)


def _decimal_steps(stack: Stack, family: Family, value: Value) -> list[_Step]:
    """`4.1` goes under 4 (or under 3.9's sibling 4, or IV); elsewhere its parent has been lost."""
    prefix = value[:-1]
    for depth in range(len(stack) - 1, -1, -1):
        above, held = stack[depth]
        if above is family and held[:-1] == prefix:
            skipped = family.skipped(held, value)
            cost = REPEATED if skipped is None else _gap_cost(skipped)
            return [_step(cost, stack, depth, family, value)]
    for depth in range(len(stack) - 1, -1, -1):
        above, held = stack[depth]
        if above.kind in ("section", "part") and held == prefix:
            strange = 0.0 if above.kind == "section" else 0.6
            cost = FIRST + strange + (0.0 if value[-1] == 1 else _gap_cost(value[-1] - 1))
            return [_step(cost, stack, depth + 1, family, value)]
    outer = next((d for d, (f, _) in enumerate(stack) if f.rank >= ARABIC.rank), len(stack))
    lost = 2.4 + (0.0 if value[-1] == 1 else _gap_cost(value[-1] - 1))
    return [_step(lost, stack, outer, family, value)]


def path_of(levels: Stack) -> str:
    """Return the numbering as a person would cite it, outermost first.

    A prefix that a label repeats is not repeated: 4.1 under 4 under I is `I.4.1`.
    """
    parts: list[str] = []
    held: Value = ()
    for family, value in levels:
        if not family.in_path:
            continue
        if isinstance(family, Decimal) and held and value[: len(held)] == held:
            parts.pop()
        parts.append(family.written(value))
        held = value if family.kind == "section" else ()
    return ".".join(parts)
