"""The tail of a document: boxes 7 (signer and authority) and 9b (recipients)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.structure.lines import Line, is_capitals, is_person_name
from baocao_etl.structure.phrases import find_phrase, is_phrase, phrases

_AUTHORITY = re.compile(r"(?:TM|KT|TL|TUQ|Q)\s?\.\s?[^\W\d]")
_ALIKE = 84
_LONGEST_TITLE = 60  # characters
_MOST_TITLES = 3  # TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG


def recipients_of(tail: Sequence[Line]) -> tuple[str, ...]:
    """Return the recipients: the list of dashes, the archive line last."""
    cells = [cell for line in tail for cell in line.cells]
    return tuple(cell.strip(" -–;.") for cell in cells if re.match(r"[-–]\s*\w", cell))


def signer_of(tail: Sequence[Line], tables: Dictionaries) -> tuple[str | None, str | None]:
    """Return the signer's name, and the authority and office that stand above it."""
    cells = [cell.strip(" *_·`'") for line in tail for cell in line.cells]
    cells = [cell for cell in cells if cell and not re.match(r"[-–+]|\W*N[ơo]i nh", cell)]
    titles: list[str] = []
    names: list[str] = []
    for cell in cells:
        title = _title(cell, tables, begun=bool(titles))
        if title and len(titles) < _MOST_TITLES:
            titles.append(title)
        elif titles and is_person_name(cell):
            names.append(cell)
    return names[-1] if names else None, " ".join(titles) or None


def _title(cell: str, tables: Dictionaries, *, begun: bool) -> str | None:
    """Return the authority (TM., KT., TL., TUQ., Q.) or office in capitals that a cell shows.

    Fonts of capitals lose their case: an office below an authority may come out in small letters.
    """
    if re.search(r"[:;]", cell) or len(cell) > _LONGEST_TITLE:
        return None
    if _AUTHORITY.match(cell) or (begun and is_phrase(cell, tables, "office", 92)):
        return cell
    if not is_capitals(cell):
        return None
    words = cell.split()
    found = [hit for o, _ in phrases(tables, "office") if (hit := find_phrase(words, o, _ALIKE))]
    if not found:
        return None
    start, end, _ = max(found, key=lambda hit: (hit[2], hit[1] - hit[0]))
    return " ".join(words[start:end])
