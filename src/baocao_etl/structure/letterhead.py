"""The letterhead: who wrote which document, when, about what.

The boxes are those of Nghị định 30/2020/NĐ-CP, Phụ lục I, mục IV: 1 national name, 2 issuer under its
superior body, 3 number and symbol, 4 place and date, 5a type and subject or 5b "V/v", 9a addressee;
in the tail 7 the signer and 9b the recipients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.models import Letterhead
from baocao_etl.structure.gazetteer import place_code, place_of, spelled
from baocao_etl.structure.issuers import (
    full_issuer,
    imprint_issuer,
    issuer_by_symbol,
    issuer_in_text,
    issuers_above_number,
    joint_issuer,
)
from baocao_etl.structure.lines import Line
from baocao_etl.structure.phrases import begins_with
from baocao_etl.structure.pieces import without_motto
from baocao_etl.structure.references import (
    Evidence,
    PrintedDate,
    Reference,
    cited_as,
    number_of_file,
    read_date,
    read_reference,
    signed_on,
    year_that_can_be,
)
from baocao_etl.structure.signatures import recipients_of, signer_of
from baocao_etl.structure.subjects import doc_type, subject_of
from baocao_etl.structure.zones import Block

__all__ = ["Evidence", "read_letterhead"]

SURELY_READ = 0.9  # a number or day less sure than this was probably written by hand
OPENING_LINES = 40  # lines in which a document without box 2 may say who reports


def read_letterhead(block: Block, evidence: Evidence, tables: Dictionaries) -> Letterhead:
    """Return the letterhead of one document; fields that cannot be read are None."""
    lines = block.letterhead
    pieces = without_motto(lines, tables)
    reference, printed = read_reference(lines, tables), read_date(pieces)
    taken: dict[str, str] = {}
    number, issued_on = _number_and_date(reference, printed, evidence, taken)
    code = doc_type(lines, reference.symbol, tables)
    subject = subject_of(lines, pieces, code, tables)
    opening = " ".join(line.text for line in block.body[:OPENING_LINES])
    if issued_on and (mended := year_that_can_be(issued_on, subject, opening)):
        issued_on, taken["issued_on"] = mended, "year of the subject; the text cites later papers"
    issuers = issuers_above_number(pieces, reference.symbol, tables)
    if by_symbol := issuer_by_symbol(issuers, reference.symbol, tables):
        issuers, taken["issuer"] = [*issuers, by_symbol], "symbol"
    place = printed.place and printed.place[:1].upper() + printed.place[1:] if printed else None
    issuer = (
        joint_issuer(pieces, reference.symbol, tables)
        or full_issuer(issuers, tables)
        or _issuer_elsewhere(block, reference.symbol, place, tables, taken)
    )
    issuer = issuer and spelled(issuer, tables)
    superior = spelled(issuers[-2], tables) if len(issuers) > 1 else None
    place = place and place_of((issuer, superior), place)
    signer = signer_of(block.tail, tables)
    if signer.inferred:
        taken["signer_title"] = "authority: who signs KT. is the deputy"
    if signer.mended:
        taken["signer"] = "spelled as names are"
    return Letterhead(
        superior=superior,
        issuer=issuer,
        number=number,
        symbol=reference.symbol,
        issued_place=place,
        issued_on=issued_on,
        doc_type=code,
        subject=subject,
        addressees=_addressees([*lines, *block.body[:8]], tables),
        recipients=recipients_of(block.tail, tables),
        signer=signer.name,
        signer_title=" ".join(signer.titles) or None,
        issuer_place_code=place_code(issuer, superior, issued_on, tables),
        evidence=taken,
    )


def _number_and_date(
    reference: Reference, printed: PrintedDate | None, evidence: Evidence, taken: dict[str, str]
) -> tuple[str | None, date | None]:
    """Return number and date, from other evidence where the letterhead's own cannot be trusted.

    `taken` is told what that evidence is.
    """
    number, issued_on = reference.number, printed.whole() if printed else None
    if printed and issued_on and printed.doubtful:
        taken["issued_on"] = "doubtful digits"
    elif printed and issued_on and printed.confidence < SURELY_READ:
        taken["issued_on"] = f"read with confidence {printed.confidence:.2f}"
    if number and reference.confidence < SURELY_READ:
        taken["number"] = f"read with confidence {reference.confidence:.2f}"
    named = number_of_file(evidence.file_name, reference.symbol)
    if named and named != number and reference.may_be(named):
        number, taken["number"] = named, "file name"
    if printed and (number is None or issued_on is None):
        if cited := cited_as(reference.symbol, printed, evidence):
            if number is None:
                number, taken["number"] = cited[0], cited[2]
            if issued_on is None and number == cited[0]:
                issued_on, taken["issued_on"] = cited[1], cited[2]
        if issued_on is None and (signed := signed_on(printed, evidence.stamps)):
            issued_on, taken["issued_on"] = signed, "signature stamp"
    return number, issued_on


def _issuer_elsewhere(
    block: Block,
    symbol: str | None,
    place: str | None,
    tables: Dictionaries,
    taken: dict[str, str],
) -> str | None:
    """Return the issuer of a document without box 2: from its imprint, or from its text."""
    opening = [*block.letterhead, *block.body][:OPENING_LINES]
    if found := imprint_issuer([*opening, *block.tail], tables):
        taken["issuer"] = "imprint"
    elif found := issuer_in_text([*opening, *block.body], symbol, place, tables):
        taken["issuer"] = "text"
    return found


def _addressees(lines: Sequence[Line], tables: Dictionaries) -> tuple[str, ...]:
    for i, line in enumerate(lines):
        if begins_with(line.text, tables, "addressee"):
            first = re.sub(r"^\S+\s+\S+\s*[:.]?\s*", "", line.text, count=1)
            found = [first] if first else []
            for other in lines[i + 1 : i + 6]:
                if other.text[:1] not in "-–+":
                    break
                found.append(other.text)
            return tuple(text.strip(" -–+.;") for text in found if text.strip(" -–+.;"))
    return ()
