"""Which lines are headings: a search over all the labels of a document together.

Line by line, "111." could be anything. Between II. and a new 1. it is III. So the numbering is found as
the cheapest path through the lines (a beam search; cf. Viterbi 1967 for the exact form): each line that
begins like a label either is one, at the cost of how oddly it is printed and how badly it follows what
came before, or is not, at the cost of having looked so much like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from baocao_etl.structure.lines import SENTENCE_END, Line, starts_low, typical_width
from baocao_etl.structure.numbering import Decimal, Family, Label, Value, readings

BEAM = 48
SKIP_COST = {"A.": 2.2, "I.": 4.0, "Điều": 5.0, "1.": 3.0, "1.1": 3.0, "a)": 3.0, "(1)": 1.0}
FIRST, DEEPER_THAN_USUAL, REPEATED, LOST_LABEL = 0.3, 2.5, 6.0, 1.0

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


def find_headings(lines: Sequence[Line]) -> list[Heading]:
    """Return the headings among `lines`, in order."""
    beam: dict[Stack, _State] = {(): _State(0.0, (), ())}
    short = 0.78 * typical_width(lines)
    for i, line in enumerate(lines):
        fresh = _begins_paragraph(lines, i, short)
        labels = _labels(line, fresh)
        if not labels and not _lost(line, fresh):
            continue
        following: dict[Stack, _State] = {}
        for state in beam.values():
            _keep(following, state._replace(cost=state.cost + _skip_cost(labels, fresh)))
            options = labels or _lost_labels(state.stack)
            for label in options:
                for cost, stack in _steps(state.stack, label):
                    heading = Heading(i, label, stack)
                    _keep(
                        following,
                        _State(state.cost + label.cost + cost, stack,
                               (*state.headings, heading)),
                    )  # fmt: skip
        cheapest = sorted(following.values(), key=lambda s: s.cost)[:BEAM]
        beam = {state.stack: state for state in cheapest}
    best = min(beam.values(), key=lambda s: s.cost)
    return list(best.headings)


def _keep(states: dict[Stack, _State], state: _State) -> None:
    known = states.get(state.stack)
    if known is None or state.cost < known.cost:
        states[state.stack] = state


def _begins_paragraph(lines: Sequence[Line], i: int, short: float) -> bool:
    """Say whether line `i` can begin a paragraph, going by how the line before it ended.

    A line of fewer than `short` characters was not filled, so what follows it begins anew.
    """
    if i == 0:
        return True
    before, line = lines[i - 1], lines[i]
    ended = before.text.rstrip("\"')”’ ").endswith((*SENTENCE_END, ","))
    return ended or line.gap_above or before.span.page != line.span.page or len(before.text) < short


def _labels(line: Line, fresh: bool) -> list[Label]:
    labels = readings(line.text, line.raw)
    rest = 0.0 if fresh else 2.5
    found: list[Label] = []
    for label in labels:
        low = starts_low(line.text[label.length :]) and label.family.name not in ("a)", "(1)")
        found.append(label._replace(cost=label.cost + rest + (1.5 if low else 0.0)))
    return found


def _skip_cost(labels: Sequence[Label], fresh: bool) -> float:
    """Return what it costs to say that a line which begins like this is no heading."""
    if not labels:
        return 1.2
    best = max(SKIP_COST[label.family.name] - 1.6 * label.cost for label in labels)
    return max(0.1, best) if fresh else max(0.1, 0.3 * best)


def _lost(line: Line, fresh: bool) -> bool:
    """Say whether the line looks like a heading whose label was eaten: a stop, then a capital."""
    raw = line.raw
    return fresh and raw[:1] in ".:," and raw[1:].lstrip()[:1].isupper()


def _lost_labels(stack: Stack) -> list[Label]:
    """Return the labels that could have stood there: the successor at each open level."""
    return [Label(family, family.successor(value), LOST_LABEL, 1, "") for family, value in stack]


def _steps(stack: Stack, label: Label) -> list[tuple[float, Stack]]:
    """Return the ways in which `label` can follow the open levels, with their costs."""
    family, value = label.family, label.value
    if isinstance(family, Decimal):
        return _decimal_steps(stack, family, value)
    steps: list[tuple[float, Stack]] = []
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth][0] is family:
            skipped = family.skipped(stack[depth][1], value)
            cost = REPEATED if skipped is None else _gap_cost(skipped)
            steps.append((cost, (*stack[:depth], (family, value))))
    if not steps:
        depth = next((d for d, (f, _) in enumerate(stack) if f.rank >= family.rank), len(stack))
        # The first of a level has no sibling to vouch for it, so its print must be the better.
        cost = _open_cost(family, value) + 0.5 * label.cost
        steps.append((cost, (*stack[:depth], (family, value))))
        if depth < len(stack):
            steps.append((cost + DEEPER_THAN_USUAL, (*stack, (family, value))))
    return steps


def _gap_cost(skipped: int) -> float:
    return 0.0 if skipped == 0 else min(5.5, 1.4 + 0.6 * skipped)


def _open_cost(family: Family, value: Value) -> float:
    """Return what it costs to open a level with `value`: little for the first, more for others."""
    before = family.skipped((0,), value) or 0
    return FIRST if before == 0 else min(6.0, 2.2 + 0.6 * before)


def _decimal_steps(stack: Stack, family: Family, value: Value) -> list[tuple[float, Stack]]:
    """`4.1` goes under 4 (or under 3.9's sibling 4, or IV); elsewhere its parent has been lost."""
    prefix = value[:-1]
    for depth in range(len(stack) - 1, -1, -1):
        above, held = stack[depth]
        if above is family and held[:-1] == prefix:
            skipped = family.skipped(held, value)
            cost = REPEATED if skipped is None else _gap_cost(skipped)
            return [(cost, (*stack[:depth], (family, value)))]
    for depth in range(len(stack) - 1, -1, -1):
        above, held = stack[depth]
        if above.kind in ("section", "part") and held == prefix:
            strange = 0.0 if above.kind == "section" else 0.6
            cost = FIRST + strange + (0.0 if value[-1] == 1 else _gap_cost(value[-1] - 1))
            return [(cost, (*stack[: depth + 1], (family, value)))]
    outer = next((d for d, (f, _) in enumerate(stack) if f.rank >= 6), len(stack))
    lost = 2.4 + (0.0 if value[-1] == 1 else _gap_cost(value[-1] - 1))
    return [(lost, (*stack[:outer], (family, value)))]


def path_of(levels: Stack) -> str:
    """Return the numbering as a person would cite it, outermost first.

    A prefix that a label repeats is not repeated: 4.1 under 4 under I is `I.4.1`.
    """
    parts: list[str] = []
    held: Value = ()
    for family, value in levels:
        if isinstance(family, Decimal) and held and value[: len(held)] == held:
            parts.pop()
        parts.append(family.written(value))
        held = value if family.kind == "section" else ()
    return ".".join(parts)
