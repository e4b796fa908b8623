"""A file with its documents, as tests make and change them before they are packed."""

from __future__ import annotations

from typing import NamedTuple

from baocao_etl.models import Document, Source
from baocao_etl.warehouse import Loadable, pack_documents


class Digitised(NamedTuple):
    """A file and its documents; None for bytes that are loaded already, under another name."""

    source: Source
    documents: tuple[Document, ...] | None

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def sha256(self) -> str:
        return self.source.sha256

    def packed(self) -> Loadable:
        """The file as the loader takes it."""
        packed = None if self.documents is None else pack_documents(self.documents)
        return Loadable(self.source, packed)
