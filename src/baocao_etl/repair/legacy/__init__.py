"""Vietnamese that is not in Unicode, or not any more: 8-bit fonts and UTF-8 misread."""

from baocao_etl.repair.legacy.charsets import CHARSETS, Charset, Font, font_hint, load_charset
from baocao_etl.repair.legacy.detect import AS_IS, STATES, USUAL, Choice, Prior, detect
from baocao_etl.repair.legacy.tcvn3 import case_back

__all__ = [
    "AS_IS", "CHARSETS", "STATES", "USUAL", "Charset", "Choice", "Font", "Prior",
    "case_back", "detect", "font_hint", "load_charset",
]  # fmt: skip
