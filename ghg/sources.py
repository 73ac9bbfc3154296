"""Publications: title, publisher, edition, date, licence; what every factor row cites."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from ghg import bundle
from ghg.documents import read_document


class Source(BaseModel):
    """One publication.

    ``published`` is its date, or its year where only that was found; ``retrieved`` the day the copy was compared.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    publisher: str
    edition: str
    published: str
    licence: str
    retrieved: str
    note: str = ""

    @property
    def citation(self) -> str:
        """The citation line, ready to paste."""
        return f"{self.publisher}: {self.title}, {self.edition} ({self.published})"


class _Sources(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    sources: dict[str, Source]


@cache
def sources() -> Mapping[str, Source]:
    """Every shipped publication by its id."""
    return read_document(bundle.folder("factors") / "sources.yaml", "factors/sources.yaml").validate(_Sources).sources
