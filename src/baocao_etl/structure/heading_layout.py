"""The names of columns, found in all heading lines of a flattened table at once.

Each line holds pieces of names from left to right; a name may have a piece in every line ("Kinh phí",
"(triệu", "đồng)"), or stand over several columns whose own names are below it. Where a line is cut and
which column a piece heads is only told by the other lines: brackets that one line opens and another
closes, lower-case letters that go on with what is above, numbers of like size under one name. So the
columns are filled from left to right by dynamic programming over the places reached in all lines, and
the cheapest filling is taken (Bellman 1957; the states are pruned to a beam, ordered by what they cost so
far and what the rest of each line costs at least).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from heapq import nsmallest
from itertools import islice, pairwise, product
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import fuzz

from baocao_etl.structure.flat_headings import (
    HeadingLine,
    Part,
    is_note_name,
    is_unit_name,
)
from baocao_etl.structure.heading_pieces import least_of, pieces_of, unlikeness
from baocao_etl.structure.lines import skeleton

_BEAM = 200  # states, shared by the lines
_UPPERS = 4  # times as many with a name over several columns, before the first of these is named
_MOST_NAMES = 160  # that are tried for one column of one state
_MOST_CHEAPEST = 50  # that are tried so in the broader search, which takes the longer
_MOST_OVER = 8  # columns under one name
_NAMELESS, _NAMELESS_LABEL, _NOT_BESIDE_NUMBER = 5.0, 4.0, 6.0
_UNREAD_NUMBER, _MOST_NUMBER_WORDS, _LONGEST_NUMBER_WORD = 0.5, 2, 3  # cost; words; letters
_MEASURED_LABEL = 1.0  # a unit in brackets is that of a column of numbers
_COUNTING_LABEL = 2.0
_OFF_MIDDLE = 5.0
_UNITS_OF_NUMBERS = 6.0  # the name of a column of units, over one of numbers
_GROUP, _DEAREST_SPREAD = 0.5, 1.0
_DEAREST_NAME = 3.5  # mean cost of the names; dearer ones cannot be told apart

_MOST_ENDS = 60  # whole headings that are judged by their numbers
_LARGEST_SHARE, _NO_SHARE = 2.6, 3.0  # a power of ten; its cost
_UNLIKE_PERCENTS, _LIKE_PERCENTS = 2.0, 1.5  # under a sign of percent, and under none
_UNLIKE_SHARES = 1.0  # for each column under a name of shares
_WIDE_TOTAL, _SMALL_TOTAL, _LIKE_SIZE = 4.0, 4.0, 0.05
_DEAREST_UNLIKE = 3.0  # for columns of one name whose numbers differ by so many powers of ten
_OF_UNIT = 0.5  # of that cost, where columns share no more than the unit
_UNIT = re.compile(r"\([^()]+\)")
_MIXED_UNITS, _SAME_BELOW = 1.0, 2.0
_ALIKE = 80.0
_NO_MONEY = 3.0  # a name of money with another unit in brackets
_MONEY_NAME = re.compile(r"\b(?:kinh phi|so tien|thanh tien|tong tien|don gia|von)\b")
_MONEY_UNIT = re.compile(r"[dđ]|%|t[ry]|usd")
_SHARE = re.compile(r"(?:ty|ti) (?:le|trong)\b")
_TOTAL = re.compile(r"(?:tong so|tong cong|cong|tong)\b")

_DEAREST = 12.0  # of one name
_NEVER = 99.0


class Numbers(NamedTuple):
    """What the numbers of a column are like: their usual size as a power of ten, the share of fractions.

    `percents` is the share of those that look like percents: 100, or fractions that are no larger than 200.
    """

    size: float
    fractions: float
    percents: float = 0.0


Slices = tuple[tuple[int, int], ...]  # of each line: the tokens of one name
Place = tuple[int, ...]  # the token reached in each line
Judge = Callable[[Slices], float]


class _State(NamedTuple):
    """A way to fill the columns so far: its last name, over `first` to `last`, and the state before it.

    `at` is the token reached in each line, `below` the number of columns still under an upper name.
    """

    cost: float
    at: Place
    below: int = 0
    name: Slices = ()
    first: int = 0
    last: int = 0
    before: _State | None = None


class _Said(NamedTuple):
    """What a name says of its numbers."""

    is_percent: bool
    is_share: bool
    is_total: bool
    is_money_in_another_unit: bool


class _Choice(NamedTuple):
    """What may come next to a state: the cost of the name, the place behind it, and as in `_State`."""

    cost: float
    at: Place
    name: Slices
    first: int
    last: int
    below: int = 0


Step = Callable[[_State], Iterator[_Choice]]


def read_headings(
    lines: Sequence[HeadingLine], columns: Sequence[Numbers], lead: int, *, numbered: bool = False
) -> list[list[Part]]:
    """Return the names in each line; none where they cannot be told apart.

    `columns` are those of numbers; `lead` columns stand before them (row number, label). Behind the
    numbers is a column of notes if the heading has one. `numbered`: the rows have numbers, so that a
    short first name that cannot be read may be that of their column.
    """
    used = [i for i, line in enumerate(lines) if line.is_readable]
    found: list[list[Part]] = [[] for _ in lines]
    if not used:
        return found
    read = [lines[i] for i in used]
    unread = numbered and not any(line.number_words for line in read)
    best = _cheapest_filling(read, columns, lead, unread)
    if best is None or best.cost > _DEAREST_NAME * (1 + len(columns)):
        best = None
    for n, line in enumerate(read):
        if line.number_words:
            found[used[n]].append(_part(line, 0, line.number_words, 0, 0))
    while best is not None and best.name:
        for n, (begin, end) in enumerate(best.name):
            if begin < end:
                found[used[n]].append(_part(read[n], begin, end, best.first, best.last))
        best = best.before
    return [sorted(parts) for parts in found]


def _cheapest_filling(
    lines: Sequence[HeadingLine], columns: Sequence[Numbers], lead: int, unread: bool
) -> _State | None:
    """Return the cheapest way to fill the columns; the search is broadened if it finds none.

    Of many lines it tries few pieces each, too few where specks of a rule stand among the names.
    """
    for is_broad in (False, True):
        fillings = (
            _Filling(lines, columns, lead, upper, unread, is_broad) for upper in range(len(lines))
        )
        filled = [state for filling in fillings if (state := filling.best()) is not None]
        if filled:
            return min(filled, key=lambda state: state.cost)
    return None


def _part(line: HeadingLine, start: int, end: int, first: int, last: int) -> Part:
    tokens = line.tokens
    return Part(tokens[start].at, tokens[end - 1].at + 1, first, last)


class _Filling:
    """Fills the columns, where names over several columns stand in the first `upper` lines."""

    def __init__(
        self,
        lines: Sequence[HeadingLine],
        numbers: Sequence[Numbers],
        lead: int,
        upper: int,
        unread: bool,
        is_broad: bool,
    ) -> None:
        self._unread = unread
        self._is_broad = is_broad
        self._lines = lines
        self._numbers = numbers
        self._lead = lead
        self._upper = range(upper)
        self._lower = range(upper, len(lines))
        self._all = range(len(lines))
        self._middle = next((n for n, line in enumerate(lines) if line.number_words), None)
        self._beam = _BEAM // len(lines)
        self._pieces = [pieces_of(line) for line in lines]
        self._told: dict[Slices, _Said] = {}
        self._tells_percents = any("%" in token.text for line in lines for token in line.tokens)
        most = len(numbers) + 4
        self._least = [least_of(p, most) for p in self._pieces]
        self._known: dict[tuple[Place, range, Judge], list[tuple[float, Place, Slices]]] = {}

    def best(self) -> _State | None:
        """Return the state in which every line is read at the least cost."""
        start = tuple(line.number_words for line in self._lines)
        columns = len(self._numbers)
        states = [_State(0.0, start)]
        states += self._fill(states, self._number, columns + 1) if self._unread else []
        states = self._fill(states, self._label, columns)
        states += self._fill(states, self._units, columns)
        for column in range(columns - 1):
            left = columns - column
            states += self._fill(states, self._over(column), left, _UPPERS * self._beam)
            states = self._fill(states, self._column(column), left - 1)
        last = self._column(columns - 1)
        states = [_after(state, choice) for state in states for choice in last(state)]
        states += self._fill(states, self._notes, 0)
        whole = tuple(len(line.tokens) for line in self._lines)
        ends = [state for state in states if state.at == whole and not state.below]
        ends = sorted(ends, key=lambda state: state.cost)[:_MOST_ENDS]
        judged = [
            state._replace(cost=state.cost + self._unproven(state) + self._unlike_groups(state))
            for state in ends
        ]
        return min(judged, key=lambda state: state.cost, default=None)

    def _unproven(self, state: _State) -> float:
        """Return what it costs that columns of one name, or unit, hold numbers of unlike size."""
        named: dict[str, list[float]] = {}
        while state.before is not None:
            column = state.last - self._lead
            if state.first == state.last and 0 <= column < len(self._numbers):
                text = self._text(state.name)
                m = _UNIT.search(text)
                name = m[0].lower() if m else skeleton(text)
                named.setdefault(name, []).append(self._numbers[column].size)
            state = state.before
        spreads = {name: min(_DEAREST_UNLIKE, _spread(sizes)) for name, sizes in named.items()}
        return sum(_OF_UNIT * s if name[:1] == "(" else s for name, s in spreads.items())

    def _unlike_groups(self, state: _State) -> float:
        """Return what speaks against the names under those over several columns, or for them.

        Below two upper names the lower ones are as a rule the same; a unit is told of all or of none, but
        for percents.
        """
        texts: dict[int, str] = {}
        groups: list[list[str]] = []
        while state.before is not None:
            if state.first == state.last:
                texts[state.first] = self._text(state.name)
            else:
                columns = range(state.first, state.last + 1)
                groups.append([texts.get(column, "") for column in columns])
            state = state.before
        cost = 0.0
        for names in groups:
            units = [
                unit[0] for name in names if (unit := _UNIT.search(name)) and "%" not in unit[0]
            ]
            cost += _MIXED_UNITS * (0 < len(units) < sum("%" not in name for name in names))
        alike = any(_are_alike(a, b) for a, b in pairwise(groups))
        return cost - _SAME_BELOW * alike

    def _unborne(self, name: Slices, column: int, width: int) -> float:
        """Return what it costs that the numbers of a column do not bear its name out.

        A share is no number of thousands, and a total, here the first of `width` columns under one name,
        is no smaller than its parts.
        """
        said, numbers = self._said(name), self._numbers[column]
        cost = _NO_MONEY * said.is_money_in_another_unit
        if said.is_percent:
            cost += _UNLIKE_PERCENTS * (1 - numbers.percents)
        elif self._tells_percents:
            cost += _LIKE_PERCENTS * numbers.percents
        if said.is_percent or said.is_share:
            cost += _NO_SHARE * (numbers.size > _LARGEST_SHARE)
        if width > 1 and said.is_total:
            parts = (other.size for other in self._numbers[column + 1 : column + width])
            cost += _SMALL_TOTAL * any(numbers.size < part - _LIKE_SIZE for part in parts)
        return cost

    def _said(self, name: Slices) -> _Said:
        """Return what `name` says of the numbers below it; the same names come up again and again."""
        if name not in self._told:
            text = self._text(name)
            bare, unit = skeleton(text), _UNIT.search(text)
            other = unit is not None and not _MONEY_UNIT.search(unit[0].lower())
            self._told[name] = _Said(
                "%" in text, bool(_SHARE.match(bare)), bool(_TOTAL.match(bare)),
                other and bool(_MONEY_NAME.search(bare)),
            )  # fmt: skip
        return self._told[name]

    def _fill(
        self, states: Sequence[_State], step: Step, left: int, beam: int | None = None
    ) -> list[_State]:
        """Return the states after one more name, `left` columns before the end; one for each place."""
        best: dict[tuple[Place, int], _State] = {}
        for state in states:
            for choice in step(state):
                key = choice.at, choice.below
                if key not in best or state.cost + choice.cost < best[key].cost:
                    best[key] = _after(state, choice)
        return nsmallest(beam or self._beam, best.values(), key=lambda one: self._bound(one, left))

    def _bound(self, state: _State, left: int) -> float:
        """Return what the heading costs at least: the rest of each line falls into so few pieces."""
        rest = sum(least[at][left + 1] for least, at in zip(self._least, state.at, strict=True))
        return state.cost + rest

    def _number(self, state: _State) -> Iterator[_Choice]:
        """The name of the row numbers, bent: `Sơ`, and `qr` below it."""
        return self._choices(state, self._all, self._number_cost, 0)

    def _label(self, state: _State) -> Iterator[_Choice]:
        return self._choices(state, self._all, self._label_cost, self._lead - 1)

    def _units(self, state: _State) -> Iterator[_Choice]:
        """A column of units has no cell of its own in the rows: it shares the label's."""
        return self._choices(state, self._all, self._units_cost, self._lead - 1)

    def _notes(self, state: _State) -> Iterator[_Choice]:
        column = self._lead + len(self._numbers)
        return self._choices(state, self._all, self._notes_cost, column)

    def _over(self, column: int) -> Step:
        """Return the step that puts a name over several columns from `column` on.

        The more alike their numbers are, the likelier it is; thousands have no name of shares.
        """
        widths = range(2, min(_MOST_OVER, len(self._numbers) - column) + 1)
        lines = self._upper or self._all
        first = self._lead + column

        def step(state: _State) -> Iterator[_Choice]:
            for width in widths if not state.below else ():
                sizes, fractions, _ = zip(*self._numbers[column : column + width], strict=True)
                group = 0.0 if self._upper else _NAMELESS_LABEL * (width - 1)
                group += _GROUP + min(_DEAREST_SPREAD, 0.5 * (_spread(sizes) + _spread(fractions)))
                are_large = max(sizes) > _LARGEST_SHARE
                unlike = sum(1 - n.percents for n in self._numbers[column : column + width])
                for cost, at, name in self._names(state, lines, self._upper_cost):
                    is_share = self._said(name).is_share
                    no_share = is_share * (_NO_SHARE * are_large + _UNLIKE_SHARES * unlike)
                    whole = cost + group + no_share
                    yield _Choice(whole, at, name, first, first + width - 1, width)

        return step

    def _column(self, column: int) -> Step:
        """Return the step that names a column of numbers, under the present upper name if there is one.

        Without lines below that, it has no name of its own.
        """
        lower = self._lower if self._upper else range(0)

        def step(state: _State) -> Iterator[_Choice]:
            lines, judge = (
                (lower, self._lower_cost) if state.below else (self._all, self._name_cost)
            )
            below = max(0, state.below - 1)
            for choice in self._choices(state, lines, judge, self._lead + column, below):
                cost = choice.cost + self._unborne(choice.name, column, state.below)
                yield choice._replace(cost=cost)

        return step

    def _choices(
        self, state: _State, lines: range, judge: Judge, column: int, below: int = 0
    ) -> Iterator[_Choice]:
        """Yield the names of one column that may come next to `state`."""
        for cost, at, name in self._names(state, lines, judge):
            yield _Choice(cost, at, name, column, column, below)

    def _names(
        self, state: _State, lines: range, judge: Judge
    ) -> list[tuple[float, Place, Slices]]:
        """Return what the next name may be, of each of `lines` the words up to one of its cuts.

        With each comes its cost (what its cuts cost, and what `judge` says) and the place behind it.
        """
        key = state.at, lines, judge
        if key not in self._known:
            found = []
            choices = self._cheapest if self._is_broad else self._nearest
            for cut, name in choices(state.at, lines):
                cost = cut + judge(name)
                if cost <= _DEAREST:
                    found.append((cost, tuple(end for _, end in name), name))
            self._known[key] = found
        return self._known[key]

    def _nearest(self, at: Place, lines: range) -> Iterator[tuple[float, Slices]]:
        """Yield the pieces that may be taken together behind `at`, of each line those that end first."""
        most = int(_MOST_NAMES ** (1 / len(lines))) if lines else 1
        ends = (islice(self._ends(n, start, lines), most) for n, start in enumerate(at))
        for pieces in product(*ends):
            yield sum(cut for cut, _ in pieces), tuple(piece for _, piece in pieces)

    def _cheapest(self, at: Place, lines: range) -> list[tuple[float, Slices]]:
        """Return the pieces that may be taken together behind `at` whose cuts cost least."""
        found: list[tuple[float, Slices]] = [(0.0, ())]
        for n, start in enumerate(at):
            longer = product(found, self._ends(n, start, lines))
            whole = ((cost + cut, (*name, piece)) for (cost, name), (cut, piece) in longer)
            found = nsmallest(_MOST_CHEAPEST, whole, key=itemgetter(0))
        return found

    def _ends(self, n: int, start: int, lines: range) -> Iterator[tuple[float, tuple[int, int]]]:
        """Yield the pieces of line `n` from token `start` on; an empty one if it is not of `lines`."""
        ends = self._pieces[n][start] if n in lines else {start: 0.0}
        return ((cut, (start, end)) for end, cut in ends.items())

    def _number_cost(self, name: Slices) -> float:
        words = [word for piece in self._words(name) for word in piece]
        is_short = (
            0 < len(words) <= _MOST_NUMBER_WORDS and max(map(len, words)) <= _LONGEST_NUMBER_WORD
        )
        return _UNREAD_NUMBER if is_short else _NEVER

    def _label_cost(self, name: Slices) -> float:
        """The label's name stands beside that of the row numbers, where there is one."""
        pieces = self._words(name)
        cost = unlikeness(pieces) if pieces else _NAMELESS_LABEL
        cost += _COUNTING_LABEL * any(not piece[0][0].isalpha() for piece in pieces)
        cost += _MEASURED_LABEL * any("(" in word for piece in pieces for word in piece)
        n = self._middle
        beside = n is None or name[n][0] < name[n][1]
        return cost if beside else cost + _NOT_BESIDE_NUMBER

    def _units_cost(self, name: Slices) -> float:
        return 0.0 if is_unit_name(self._text(name)) else _NEVER

    def _notes_cost(self, name: Slices) -> float:
        return 0.5 * len(self._words(name)) if is_note_name(self._text(name)) else _NEVER

    def _name_cost(self, name: Slices) -> float:
        """Cells are centred in their height, so a name has words beside TT, or above and below it."""
        if not _length(name):
            return _NAMELESS
        lines = {n for n, (start, end) in enumerate(name) if start < end}
        n = self._middle
        beside = n is None or n in lines or min(lines) < n < max(lines)
        pieces = self._words(name)
        names_units = any(is_unit_name(" ".join(piece)) for piece in pieces)
        return unlikeness(pieces) + _OFF_MIDDLE * (not beside) + _UNITS_OF_NUMBERS * names_units

    def _upper_cost(self, name: Slices) -> float:
        if not _length(name):
            return _NEVER
        is_total = bool(_TOTAL.fullmatch(skeleton(self._text(name))))
        return unlikeness(self._words(name)) + _WIDE_TOTAL * is_total

    def _lower_cost(self, name: Slices) -> float:
        if _length(name):
            return unlikeness(self._words(name), lower=True)
        return _NAMELESS_LABEL if self._upper else 0.0

    def _words(self, name: Slices) -> list[list[str]]:
        """Return the words of `name` in each line that has some."""
        return [
            [token.text for token in self._lines[n].tokens[start:end]]
            for n, (start, end) in enumerate(name)
            if start < end
        ]

    def _text(self, name: Slices) -> str:
        return " ".join(word for words in self._words(name) for word in words)


def _after(state: _State, choice: _Choice) -> _State:
    """Return what `choice` makes of `state`."""
    cost, at, name, first, last, below = choice
    return _State(state.cost + cost, at, below, name, first, last, state)


def _are_alike(names: Sequence[str], others: Sequence[str]) -> bool:
    pairs = zip(names, others, strict=False)
    return len(names) == len(others) and all(
        a and b and fuzz.ratio(skeleton(a), skeleton(b)) >= _ALIKE for a, b in pairs
    )


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _length(name: Slices) -> int:
    return sum(end - start for start, end in name)
