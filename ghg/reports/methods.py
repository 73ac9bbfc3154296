"""Renderings of method declarations: for a terminal, and as the pages of the reference."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from ghg.accounts import Account, accounts
from ghg.gases import CO2E
from ghg.methods import Input, Method, Result, methods
from ghg.methods.declaration import NUMBER, SHARE, WORD

WIDTH = 100
RESULTS = {
    Result.ACTIVITY: "an emission factor per {0}",
    Result.GAS: "the GWP of the gas, or of each part of the blend, that the column 'item' names",
    Result.EMISSIONS: "nothing: the result is CO2e computed by somebody else and keeps its GWP set",
    Result.QUANTITY: "nothing: a measured quantity without emissions",
}
"""What follows the formula."""
FORMS = {NUMBER: "plain number", SHARE: "share: 0.3 or 30 %", WORD: "words"}


def accounts_of(method: Method) -> tuple[Account, ...]:
    """The accounts that take a method."""
    return tuple(found for found in accounts().values() if method.id in found.methods.split())


def of_scope(scope: str = "", category: str = "") -> tuple[Method, ...]:
    """The methods that accounts of a scope, or of one of its categories, take; blank for any.

    Args:
        scope: ``1``, ``2`` or ``3``.
        category: number of a Scope 3 category, or the name of a category.
    """
    return tuple(
        method
        for method in methods().values()
        if any(
            (not scope or account.scope == scope)
            and category in ("", account.category, account.category.partition("_")[0])
            for account in accounts_of(method)
        )
    )


def follows(method: Method) -> str:
    """What follows the formula, in words."""
    if method.result is Result.EMISSIONS and method.gas != CO2E:
        return f"nothing: the result is a mass of {method.gas}"
    return RESULTS[method.result].format(" or ".join(method.canonical.split()))


def required(found: Input) -> str:
    """Whether an input is required, or what a blank cell stands for."""
    if found.is_aside:
        return "may be left blank"
    return "required" if found.required else f"blank stands for {found.default}"


def measures(found: Input) -> str:
    """What an input measures, in words."""
    if found.allowed:
        return "one of " + ", ".join(found.allowed)
    if found.dimension in FORMS:
        return FORMS[found.dimension]
    return " per ".join(_any_of(stated) for stated in (found.dimension, found.per) if stated)


def _any_of(stated: str) -> str:
    """Dimensions in words."""
    return " or ".join("any unit" if name == "*" else name.replace("*", "…") for name in stated.split())


def method_text(method: Method) -> str:
    """All there is about one method."""
    lines = [method.id, f"  {method.title}", ""]
    for found in method.inputs:
        lines.append(f"  {found.name:<22}{measures(found)}; {required(found)}")
        lines += textwrap.wrap(found.meaning, WIDTH - 24, initial_indent=" " * 24, subsequent_indent=" " * 24)
    facts = {
        "formula": method.formula,
        "parameters": ", ".join(method.parameters) or "none",
        "then": follows(method),
        "counts as": f"{method.data_type.value} data",
        "standard": method.standard,
        "accounts": ", ".join(account.activity for account in accounts_of(method)),
        **({"note": method.note} if method.note else {}),
    }
    lines.append("")
    for name, text in facts.items():
        lines += textwrap.wrap(text, WIDTH, initial_indent=f"  {name:<12}", subsequent_indent=" " * 14)
    return "\n".join(lines)


def methods_text(found: Iterable[Method]) -> str:
    """A list of methods: each with its inputs and calculation, below the standard that allows it."""
    lines: list[str] = []
    for method in found:
        lines += [method.id, f"  {method.calculation}"]
        lines += textwrap.wrap(
            f"{method.data_type.value}; {method.standard}", WIDTH, initial_indent="  ", subsequent_indent="  "
        )
    return "\n".join(
        [*lines, "", "'ghg methods NAME' prints all about one; 'ghg init FOLDER --methods NAME' a table for it."]
    )


def markdown() -> str:
    """Every method as Markdown, grouped by the first part of its id; the generated part of the reference."""
    return "\n".join(_markdown()) + "\n"


def _markdown() -> Iterator[str]:
    group = ""
    for method in methods().values():
        first = method.id.partition(".")[0]
        if first != group:
            group = first
            yield f"### {group}\n"
        yield f"**`{method.id}`** – {method.title}. Counts as {method.data_type.value} data. {method.standard}."
        if method.note:
            yield f"{method.note}"
        yield f"\n`{method.calculation}`\n"
        if not method.is_direct:
            yield "| input | measures | required | holds |\n| --- | --- | --- | --- |"
            for found in method.inputs:
                yield f"| `{found.name}` | {measures(found)} | {required(found)} | {found.meaning} |"
            yield ""


def accounts_markdown() -> str:
    """The chart of accounts as a Markdown table."""
    lines = [
        "| activity | scope | category | items or word | basis | methods |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for found in accounts().values():
        word = " ".join(f"`{word}`" for word in found.factor_activity.split()) or "–"
        if found.follows:
            word += f" (follows {', '.join(found.follows.split())})"
        names = " ".join(f"`{name}`" for name in found.methods.split())
        basis = " ".join(f"`{name}`" for name in found.factor_basis.split()) or "–"
        cells = [f"`{found.activity}`: {found.name}", found.scope or "–", f"`{found.category}`", word, basis, names]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
