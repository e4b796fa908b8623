"""The section tree of one document, out of its zones, headings and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Section, SectionKind, Span, Table
from baocao_etl.structure.articles import Article, find_articles
from baocao_etl.structure.grid import Grid
from baocao_etl.structure.lines import Line, is_capitals, is_unit_caption, joins, typical_width
from baocao_etl.structure.numbering import BULLET, BULLETS
from baocao_etl.structure.outline import Heading, find_headings, path_of
from baocao_etl.structure.tables import find_tables
from baocao_etl.structure.zones import Block, Part

TITLE_LENGTH = 240
# "Đơn vị tính: triệu đồng" may have scraps of the heading between itself and the table
_CAPTION_REACH = 3  # lines


@dataclass
class _Node:
    """A section under construction."""

    section_id: str
    parent: str | None
    kind: SectionKind
    label: str | None
    path: str
    paragraphs: list[list[Line]] = field(default_factory=list)
    depth: int = 0
    page: int = 1

    def add(self, line: Line) -> None:
        """Begin a paragraph with `line`."""
        self.paragraphs.append([line])


class TreeBuilder:
    """Builds the sections and tables of one document, in reading order."""

    def __init__(self, doc_id: str, tables: Dictionaries) -> None:
        self._doc_id = doc_id
        self.dictionaries = tables
        self._nodes: list[_Node] = []
        self.tables: list[Table] = []

    def build(self, part: Part) -> tuple[Section, ...]:
        """Return the sections of `part`; every line of it stands in exactly one of them."""
        self._block(part.main, None, "")
        for i, block in enumerate(part.attached, start=1):
            path = "PL" if i == 1 else f"PL{i}"
            first = next(iter((*block.letterhead, *block.body, *block.tail)))
            appendix = self._open("appendix", None, first.text[:TITLE_LENGTH], path)
            appendix.page = first.span.page
            self._block(block, appendix.section_id, path)
        return tuple(_finished(node, i) for i, node in enumerate(self._nodes))

    def _open(self, kind: SectionKind, parent: str | None, label: str | None, path: str) -> _Node:
        node = _Node(f"{self._doc_id}-s{len(self._nodes):04d}", parent, kind, label, path)
        self._nodes.append(node)
        return node

    def _plain(
        self, kind: SectionKind, parent: str | None, lines: Sequence[Line], path: str
    ) -> None:
        if lines:
            node = self._open(kind, parent, None, path)
            for line in lines:
                node.add(line)

    def _block(self, block: Block, parent: str | None, path: str) -> None:
        self._plain("letterhead", parent, block.letterhead, path)
        articles = (
            [] if block.letterhead or parent else find_articles(block.body, self.dictionaries)
        )
        _Body(self, parent, path).read(block.body[: articles[0].start] if articles else block.body)
        for article in articles:
            self._article(article, block.body, parent, path)
        recipients, signature = _split_tail(block.tail)
        self._plain("recipients", parent, recipients, path)
        self._plain("signature", parent, signature, path)

    def _article(
        self, article: Article, lines: Sequence[Line], parent: str | None, path: str
    ) -> None:
        """Open an article; it does not enter the path, and its numbering is its own."""
        title = " ".join(line.text for line in lines[article.start : article.title_end])
        node = self._open("article", parent, title[:TITLE_LENGTH], path)
        for line in lines[article.start : article.body]:
            node.add(line)
        _Body(self, node.section_id, path, node).read(lines[article.body : article.end])


class _Body:
    """Reads the lines of one body into the tree: headings, bullets, paragraphs and tables."""

    def __init__(
        self, tree: TreeBuilder, parent: str | None, prefix: str, home: _Node | None = None
    ) -> None:
        self._tree = tree
        self._root, self._prefix = parent, prefix
        self._current = home
        self._bullets: list[_Node] = []
        self._open_levels: list[_Node] = []
        self._behind_table = 0

    def read(self, lines: Sequence[Line]) -> None:
        """Place every line in exactly one section."""
        grids = {grid.first: grid for grid in find_tables(lines, self._tree.dictionaries)}
        in_table = {i for grid in grids.values() for i in range(grid.first, grid.last)}
        free = [i for i in range(len(lines)) if i not in in_table]
        behind = {n for n, i in enumerate(free) if i - 1 in in_table}
        headings = {free[h.line]: h for h in find_headings([lines[i] for i in free], behind)}
        width = typical_width(lines)
        for i, line in enumerate(lines):
            if i in grids:
                self._table(grids[i], lines)
            elif i in in_table:
                continue
            elif i in headings:
                self._heading(headings[i], line)
            else:
                before = lines[i - 1] if i and i - 1 not in in_table else None
                goes_on = before is not None and joins(
                    before, line, width, is_heading=i - 1 in headings
                )
                self._text(line, goes_on=goes_on)

    def _path(self, path: str) -> str:
        return ".".join(part for part in (self._prefix, path) if part)

    def _heading(self, heading: Heading, line: Line) -> None:
        family = heading.label.family
        depth = len(heading.levels)
        self._open_levels = [node for node in self._open_levels if node.depth < depth]
        above = self._open_levels[-1].section_id if self._open_levels else self._root
        label = heading.label.printed or family.written(heading.label.value)
        kind = family.kind
        if kind == "section" and any(f.kind == "article" for f, _ in heading.levels[:-1]):
            kind = "clause"
        node = self._tree._open(kind, above, label, self._path(path_of(heading.levels)))
        node.depth = depth
        node.add(line)
        self._open_levels.append(node)
        self._current, self._bullets = node, []

    def _text(self, line: Line, *, goes_on: bool) -> None:
        home = self._home()
        if BULLET.match(line.text):
            self._bullet(line)
        elif goes_on and home.paragraphs:
            home.paragraphs[-1].append(line)
        else:
            self._bullets = []
            self._home().add(line)

    def _home(self) -> _Node:
        """Return the section that plain text belongs to now."""
        if self._bullets:
            return self._bullets[-1]
        if self._current is None:
            self._current = self._tree._open("section", self._root, None, self._prefix)
        return self._current

    def _bullet(self, line: Line) -> None:
        sign = line.text[0]
        if sign == "+":
            self._bullets = (
                self._bullets[:1] if self._bullets and self._bullets[0].label != "+" else []
            )
        else:
            self._bullets = []
        home = self._home()
        node = self._tree._open("point", home.section_id, sign, home.path)
        node.add(line)
        self._bullets.append(node)

    def _table(self, grid: Grid, lines: Sequence[Line]) -> None:
        home = self._home()
        above = lines[max(self._behind_table, grid.first - _CAPTION_REACH) : grid.first]
        self._behind_table = grid.last
        title = next((x.text for x in reversed(above) if is_unit_caption(x.text)), None)
        if title is None and home.paragraphs:
            title = home.paragraphs[-1][-1].text
        section = self._tree._open("table", home.section_id, None, home.path)
        for line in lines[grid.first : grid.last]:
            section.add(line)
        tree = self._tree
        tree.tables.append(
            Table(
                table_id=f"{tree._doc_id}-t{len(tree.tables):03d}",
                section_id=section.section_id,
                ordinal=len(tree.tables),
                page_from=lines[grid.first].span.page,
                page_to=lines[grid.last - 1].span.page,
                title=title,
                rows=grid.rows,
                columns=grid.columns,
                cells=grid.cells,
                problem=grid.problem,
            )
        )


def _split_tail(tail: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Part the tail into recipients and signature, line by line: recipients are a list of dashes."""
    recipients: list[Line] = []
    signature: list[Line] = []
    for line in tail:
        first = line.cells[0]
        is_list = first[:1] in "-–" or first.rstrip().endswith((";", ":"))
        (recipients if is_list else signature).append(line)
    return recipients, signature


def _finished(node: _Node, ordinal: int) -> Section:
    paragraphs = tuple(_spans(lines) for lines in node.paragraphs)
    text = "\n".join(" ".join(line.text for line in lines) for lines in node.paragraphs)
    pages = [span.page for spans in paragraphs for span in spans] or [node.page]
    return Section(
        section_id=node.section_id,
        parent_id=node.parent,
        ordinal=ordinal,
        kind=node.kind,
        label=node.label,
        path=node.path,
        title=_title(node, text),
        text=text,
        paragraphs=paragraphs,
        page_from=min(pages),
        page_to=max(pages),
    )


def _spans(lines: Sequence[Line]) -> tuple[Span, ...]:
    return tuple(line.span for line in lines)


def _title(node: _Node, text: str) -> str:
    """Return the heading's own words: its first paragraph, cut at the first sentence if it is long."""
    if node.label is None or (node.kind in ("point", "table") and node.label in BULLETS):
        return ""
    if node.kind in ("appendix", "article") and not node.path.rpartition(".")[2].startswith("Đ"):
        return node.label
    first, _, below = text.partition("\n")
    before, label, behind = first.partition(node.label)
    if label and not re.search(r"\w", before):  # specks stand before some labels
        first = behind
    first = first.lstrip(" .):")
    if not first and is_capitals(title := below.partition("\n")[0]):  # "Phần I", its title below it
        first = title
    if len(first) <= TITLE_LENGTH:
        return first.rstrip(" :.;")
    cut = re.match(r".{20,240}?[.:;](?=\s)", first)
    return cut[0].rstrip(" :.;") if cut else first[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
