"""What the reference says about a rule; the page ships with the package, so that one text serves both."""

from __future__ import annotations

import re

from ghg import bundle
from ghg.issues import RULES, UnknownNameError

PAGE = "reference/issues.md"
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def rule_text(name: str) -> str:
    """The section of a rule: what it means, an example message, what to do.

    Args:
        name: the rule as messages print it in brackets; capitals and underscores do as well.

    Raises:
        UnknownNameError: no rule has the name.
    """
    rule = name.strip("[] ").lower().replace("_", "-")
    if rule not in RULES:
        raise UnknownNameError("rule", name, RULES, "'ghg explain-error' lists them.")
    page = (bundle.folder("docs") / PAGE).read_text(encoding="utf-8")
    section = page.partition(f"\n## {rule}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.strip().splitlines() if not line.startswith("```")]
    return "\n".join([rule, "", *(LINK.sub(r"\1", line) for line in lines)])


def rules_text() -> str:
    """Every rule with its meaning."""
    width = max(map(len, RULES))
    return "\n".join(f"{rule:<{width}}  {meaning}" for rule, meaning in RULES.items())
