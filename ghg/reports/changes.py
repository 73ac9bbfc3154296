"""Renderings of what-ifs: their heading, and the JSON document."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from ghg.reports.documents import ChangeDocument, StatementDocument, change_document, statement_document
from ghg.reports.text import WIDTH

if TYPE_CHECKING:
    from ghg.runs import Run
    from ghg.statement import Statement


class WhatIfDocument(StatementDocument):
    """Figures before and after a what-if, with its changes in the order they apply."""

    inventory: str
    changes: list[ChangeDocument]
    assumptions: list[str] = Field(description="what the baseline and the what-if take for granted")


def what_if_document(run: Run, statement: Statement) -> WhatIfDocument:
    """A changed run beside its baseline."""
    return WhatIfDocument(
        **statement_document(statement).model_dump(), inventory=run.inventory.inventory,
        changes=[change_document(change) for change in run.changes], assumptions=list(run.inventory.assumptions),
    )  # fmt: skip


def heading(run: Run) -> str:
    """The changes of a what-if one by one with their reasons, and what it takes for granted."""
    lines = [text for title in run.question.titles for text in _under(title, "")]
    for change in run.changes:
        lines += [f"what-if: {change}", *_under(f"why: {change.why}" if change.why else "")]
    if not run.changes:
        lines.append("what-if: nothing is changed")
    lines += [text for said in run.question.assumptions for text in _under(f"assumed: {said}")]
    return "\n".join(lines)


def _under(text: str, indent: str = "    ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False)


DOCUMENTS: dict[str, type[BaseModel]] = {"what-if": WhatIfDocument}
"""Every document of the family by the command that prints it."""
