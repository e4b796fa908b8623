"""Which reading of a page to take: its text layer, OCR, or both weighed. Per page, not per file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from baocao_etl.repair import decoded_score, vietnamese_score

if TYPE_CHECKING:
    from baocao_etl.reading.tokens import Composed
    from baocao_etl.settings import Settings

Choice = Literal["keep", "ocr", "weigh"]

# A page that images cover this much is a scan; what text it carries was put over it.
_SCAN_COVERAGE = 0.5
# A signature stamp ("Ký bởi: ...", "Thời gian ký: ...") or a watermark is at most this long. A
# shorter real layer costs one needless OCR run.
_STAMP_LETTERS = 150
# Fewer letters than this (a page number, a table of figures) cannot be judged by how they read.
_JUDGEABLE_LETTERS = 40
# A layer that reads worse than this is from an OCR run in the wrong language, or lost its letters
# to a broken font.
_GOOD = 0.5
_LEGACY_FONTS = (".vn", "vn", "vni", "uvn")
_LEGACY_SHARE = 0.5


class Verdict(NamedTuple):
    """What to do with a page, why, and how much the layer reads like Vietnamese (0..1)."""

    choice: Choice
    reason: str
    score: float


def judge(layer: Composed, coverage: float, settings: Settings) -> Verdict:
    """Decide about a page.

    `weigh` means that both the layer and an OCR reading are poor witnesses worth hearing.

    Args:
        layer: the page's text layer.
        coverage: the share of the page that images cover, 0..1.
        settings: `ocr` says whether there is a choice at all.
    """
    if settings.ocr == "force":
        return Verdict("ocr", "OCR was asked for", 0.0)
    if settings.ocr == "off":
        return Verdict("keep", "OCR is off", 0.0)
    signs = sum(c.isalnum() for c in layer.raw_text)
    if not signs:
        return Verdict("ocr", "no text layer", 0.0)
    if coverage >= _SCAN_COVERAGE and signs <= _STAMP_LETTERS:
        return Verdict("ocr", f"only a stamp or watermark ({signs} letters) over a scan", 0.0)
    return _by_its_text(layer, coverage, settings)


def _by_its_text(layer: Composed, coverage: float, settings: Settings) -> Verdict:
    letters = sum(c.isalpha() for c in layer.raw_text)
    if letters < _JUDGEABLE_LETTERS and coverage < _SCAN_COVERAGE:
        return Verdict("keep", "a short layer on a page that is no scan", 0.5)
    score = vietnamese_score(layer.raw_text, settings)
    if score >= _GOOD:
        return Verdict("keep", f"the layer reads like Vietnamese ({score:.2f})", score)
    decoded = decoded_score(layer.raw_text, settings)
    if decoded >= _GOOD:
        reason = f"the layer is in a legacy encoding, which can be decoded ({decoded:.2f})"
        return Verdict("keep", reason, decoded)
    legacy = sum(font is not None and is_legacy_font(font) for font in layer.fonts)
    if legacy > _LEGACY_SHARE * len(layer.fonts):
        return Verdict("keep", "the layer is in a legacy font, which can be decoded", score)
    return Verdict("weigh", f"the layer does not read like Vietnamese ({score:.2f})", score)


def is_legacy_font(font: str) -> bool:
    """Return whether `font` is named like the fonts of TCVN3 and VNI."""
    return font.rpartition("+")[2].lower().startswith(_LEGACY_FONTS)
