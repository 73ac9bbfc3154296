"""Publications: title, publisher, edition, date, licence; what every factor row cites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from ghg import bundle
from ghg.documents import read_document


class Source(BaseModel):
    """One publication.

    ``published`` is its date, or its year where only that was found; ``retrieved`` the day the copy was compared;
    ``checksum`` is ``sha256 <hex> of …`` where the publisher's file was seen or its checksum is on record, else the
    reason why there is none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    title: str
    publisher: str
    edition: str
    published: str
    licence: str
    retrieved: str
    checksum: str = ""
    note: str = ""

    @property
    def sha256(self) -> str:
        """The recorded SHA-256 of the publisher's file, or blank."""
        found = re.match(r"sha256 ([0-9a-f]{64})\b", self.checksum)
        return found[1] if found else ""

    @property
    def citation(self) -> str:
        """The citation line, ready to paste."""
        return f"{self.publisher}: {self.title}, {self.edition} ({self.published})"


class _Sources(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    sources: dict[str, Source]


@cache
def sources() -> Mapping[str, Source]:
    """Every shipped publication by its id."""
    return read_document(bundle.folder("factors") / "sources.yaml", "factors/sources.yaml").validate(_Sources).sources
