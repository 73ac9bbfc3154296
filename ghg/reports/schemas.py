"""Every JSON document that a command prints and every form of a file a person writes, by name."""

from __future__ import annotations

from pydantic import BaseModel

from ghg.change.forms import WhatIf
from ghg.reports import baseyear, bridges, changes, documents, sensitivities, uncertainty, verification

DOCUMENTS: dict[str, type[BaseModel]] = {
    **documents.DOCUMENTS, **changes.DOCUMENTS, **bridges.DOCUMENTS, **sensitivities.DOCUMENTS,
    **uncertainty.DOCUMENTS, **baseyear.DOCUMENTS, **verification.DOCUMENTS,
}  # fmt: skip
"""Documents by the command that prints them."""
FILES: dict[str, type[BaseModel]] = {"what-if-file": WhatIf}
"""Forms of files."""
SCHEMAS: dict[str, type[BaseModel]] = {**DOCUMENTS, **FILES}
"""All of them; `ghg schema NAME` gives the JSON Schema."""
