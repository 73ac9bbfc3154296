"""The emission rates of instruments as factor rows, so that they are cited, explained and changed like any factor."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from ghg.factors import FACTOR, Factor, FactorRow
from ghg.instruments.declaration import WORDS, Instrument, kinds
from ghg.issues import InputError, Issue, said_of_field


def rates(instruments: Iterable[Instrument]) -> list[Factor]:
    """A factor for each instrument that states its rate itself.

    Raises:
        InputError: a rate is no factor: its unit, gas or GWP set is wrong; each problem is listed with its line.
    """
    made, problems = [], []
    for instrument in instruments:
        if instrument.row.emission_rate:
            try:
                made.append(Factor(rows=(_row(instrument),), is_own=True, is_reserved=True))
            except ValidationError as error:
                problems += [
                    Issue("field-invalid", f"the emission rate of {instrument.id!r}: {said_of_field(item)}",
                          f"Found {item['input']!r}." if item["loc"] else "", instrument.file, instrument.line,
                          "emission_rate")
                    for item in error.errors()
                ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return made


def _row(instrument: Instrument) -> FactorRow:
    row = instrument.row
    kind = kinds()[row.kind]
    cells = {
        "id": instrument.factor, "factor": instrument.factor, "kind": FACTOR, "activity": WORDS[row.carrier],
        "name": ", ".join(part for part in (kind.name, row.technology) if part), "name_local": kind.name_local,
        "region": "WORLD", "valid_from": row.vintage_start, "valid_to": row.vintage_end, "gas": row.rate_gas,
        "value": row.emission_rate, "unit": row.rate_unit, "gwp_set": row.rate_gwp_set,
        "basis": "supplier_mix" if row.rung == "supplier_rate" else "contractual", "lower": "", "upper": "",
        "uncertainty": "none stated by the instrument", "source": row.source, "locator": row.locator,
        "verification": f"stated by the instrument, {instrument.file}:{instrument.line}", "derived_from": "",
        "note": row.note,
    }  # fmt: skip
    return FactorRow.model_validate(cells)
