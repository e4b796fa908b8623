"""What the tests of checks share."""

from __future__ import annotations

from pathlib import Path

from baocao_etl.checks import check
from baocao_etl.figures import extract
from baocao_etl.models import Document, Finding
from baocao_etl.settings import Settings
from tests.pages import documents_of

SETTINGS = Settings()


def extracted(text: str, folder: Path) -> Document:
    (document,) = documents_of(text, folder, SETTINGS)
    return extract(document, SETTINGS)


def findings_in(text: str, folder: Path) -> list[Finding]:
    return list(check(extracted(text, folder)).findings)


def told(text: str, folder: Path, verdict: str) -> list[tuple[str, str]]:
    return [(f.rule, f.message) for f in findings_in(text, folder) if f.verdict == verdict]
