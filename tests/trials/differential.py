"""The engine against an independent reference, on random inventories written to files and read as anybody's are.

    python -m tests.trials.differential 3000            three thousand, from seed 0
    python -m tests.trials.differential 3000 --seed 500000

An inventory has up to twelve rows: fuels, gases, electricity, freight, water and waste, in mixed units, in regions with
and without factors of their own, over days on which factors and holdings change and the period ends; GWP sets, books,
ladders, quanta, own factors, entities with shares over time, leased assets, certificates good and bad, rows that are
wrong. A row that one refuses the other refuses; every figure is the same fraction.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from ghg import bundle
from ghg.factors import FactorRow
from ghg.inventory import read_inventory
from ghg.numbers import decimal_text
from ghg.reports import csv
from ghg.runs import Asked, run_file
from ghg.testing.formats import block
from ghg.testing.reference import Reference, Rules
from ghg.units import accepted

Row = dict[str, str]
SOURCES = (
    "cn-mee-2021", "cn-mee-2022", "cn-mee-2023", "ipcc-2006-v2", "desnz-2023", "desnz-2024", "ember-owid-2024",
)  # fmt: skip
FUELS = (
    "fuel.natural_gas", "fuel.butane", "fuel.lpg", "fuel.diesel.average_biofuel_blend", "fuel.bioethanol",
    "fuel.biodiesel", "fuel.wood.pellets", "fuel.biogas", "fuel.diesel.stationary.commercial", "fuel.gasoline.road",
    "fuel.wood.stationary.commercial",
)  # fmt: skip
RELEASED = ("R-410A", "R-404A", "R-401A", "R-507A", "HFC134a", "SF6", "CH4", "N2O", "HCFC22", "CFC12", "CO2")
FREIGHT = (
    "freight.rail", "freight.hgv.average.laden_average", "freight.sea.container_ship.average", "freight.air.domestic",
    "freight.van.average.diesel",
)  # fmt: skip
WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "purchased_electricity": ("energy", ()),
    "leased_assets_electricity": ("energy", ()),
    "diesel_stationary": ("energy_net mass", ()),
    "gasoline_mobile": ("energy_net mass", ()),
    "stationary_fuel": ("energy energy_net energy_gross mass volume", FUELS),
    "mobile_fuel": ("energy_net energy_gross mass volume", FUELS),
    "fugitive_gases": ("mass", RELEASED),
    "upstream_transport": ("freight_distance", FREIGHT),
    "water": ("mass", ()),
    "waste_hazardous": ("mass", ()),
}
"""Activities, what their amounts measure, and their items."""
REGIONS = ("CN", "CN-BJ", "CN-TJ", "CN-GRID-EAST", "CN-XZ", "CN-JS", "GB", "US", "WORLD")
FIRST, LAST = date(2022, 1, 1), date(2024, 12, 31)
WRONG = (
    {"amount": "1_000"}, {"amount": "NaN"}, {"unit": "banana"}, {"activity": "burning"}, {"region": "Atlantis"},
    {"provenance": "guessed"}, {"end": "2021-12-31"}, {"start": "2022-02-30"}, {"amount": "-1"}, {"entity": ""},
    {"amount": "1" + 18 * "0"},
)  # fmt: skip
OWN_ROW = {
    "kind": "emission_factor", "activity": "electricity", "gas": "CO2e", "basis": "grid_average", "source": "own",
    "uncertainty": "generated", "locator": "generated", "verification": "generated",
}  # fmt: skip
COUNTED = (
    "rows", "posted", "refused", "outside the boundary", "over factors that change", "with entities",
    "with certificates", "with own factors", "by a table of a method",
)  # fmt: skip


@dataclass
class Drawn:
    """An inventory: its fields, its tables by file, and its rules and rows as the reference takes them."""

    fields: dict[str, object]
    tables: dict[str, list[Row]]
    rules: Rules
    rows: list[Row]
    places: dict[int, tuple[str, int]] = field(default_factory=dict)


@cache
def reference() -> Reference:
    return Reference(bundle.folder("factors"))


@cache
def units(dimensions: str) -> tuple[str, ...]:
    return tuple(name for name, unit in accepted().items() if unit.dimension in dimensions.split())


def amount(choice: random.Random) -> str:
    number = choice.choice((0, 1, choice.random() * 10 ** choice.randint(0, 9)))
    return f"{number:.{choice.randint(0, 9)}f}"


def a_row(choice: random.Random, number: int, *, crosses: bool) -> Row:
    activity = choice.choice(sorted(WORDS))
    dimensions, items = WORDS[activity]
    start = FIRST + timedelta(days=choice.randint(0, (LAST - FIRST).days))
    lasts = choice.choice((0, 30, 89, 364, 500, choice.randint(0, 700)))
    end = start + timedelta(days=lasts)
    if crosses:
        start -= timedelta(days=choice.choice((0, 0, 40)))
    # Where and by what an activity can be known, more often than not.
    likely = "GB" if dimensions.startswith("freight") or (items == FUELS) else "CN"
    place = likely if choice.random() < 0.5 else choice.choice(REGIONS)
    row = {
        "id": f"r{number}", "entity": choice.choice(("north", "south", "generated")), "activity": activity,
        "item": choice.choice(items) if items else "",
        "region": place, "start": str(start), "end": str(end if crosses else min(end, LAST)),
        "amount": amount(choice), "unit": choice.choice(units(dimensions)), "provenance": "measured", "entry": "",
    }  # fmt: skip
    if choice.random() < 0.05:
        row |= {"amount": f"-{row['amount']}", "entry": "correction"}
    return row | (choice.choice(WRONG) if choice.random() < 0.04 else {})


def a_holding(choice: random.Random, entity: str, parent: str) -> Iterator[Row]:
    """What is held of an entity: all along, or in two stretches of days with a gap or none."""
    turn = FIRST + timedelta(days=choice.randint(1, (LAST - FIRST).days))
    gap = choice.choice((1, 1, 60))
    stretches = choice.choice(([("", "")], [("", str(turn))], [("", str(turn)), (str(turn + timedelta(gap)), "")]))
    for first, last in stretches:
        row = {
            "entity": entity, "parent": parent, "equity_share": choice.choice(("1", "0.4", "0.505", "0.8", "0")),
            "financial_control": choice.choice(("yes", "yes", "joint", "no")),
            "operational_control": choice.choice(("yes", "yes", "no")),
            "type": choice.choice((*["subsidiary"] * 3, "associate", "joint_venture", "fixed_asset_investment")),
            "lease": "", "role": "", "valid_from": first, "valid_to": last,
        }  # fmt: skip
        if choice.random() < 0.25:
            leased = {"lease": choice.choice(("finance", "operating")), "role": choice.choice(("lessee", "lessor"))}
            row |= {
                "type": "leased_asset",
                "equity_share": "",
                "financial_control": "",
                "operational_control": "",
            } | leased
        yield row


def a_certificate(choice: random.Random, number: int) -> Row:
    year = choice.choice((2022, 2023, 2024, 2025))
    return {
        "id": f"c{number}", "kind": "gec", "amount": amount(choice), "unit": choice.choice(("MWh", "GJ", "kWh")),
        "market": choice.choice(("CN", "CN", "CN-BJ", "CN-JS")), "vintage_start": f"{year}-01-01",
        "vintage_end": f"{year}-12-31", "retired": choice.choice(("2025-01-20", "2025-01-20", "")), "registry": "GEC",
        "tracking_id": choice.choice((f"T{number}", f"T{number}", "T1")), "attributes": "conveyed",
        "beneficiary": choice.choice(("generated", "north", "south", "somebody")),
        "emission_rate": choice.choice(("0", "0.0117")), "rate_unit": "kg/kWh", "rate_gas": "CO2e",
        "rate_gwp_set": "AR5", "source": "own", "locator": "generated",
    }  # fmt: skip


def an_own_factor(choice: random.Random, number: int) -> Row:
    year = choice.choice((2022, 2023, 2024))
    dates = choice.choice((("", ""), (f"{year}-01-01", f"{year}-12-31"), (f"{year}-04-01", "")))
    return dict.fromkeys(FactorRow.model_fields, "") | OWN_ROW | {
        "id": f"own:{number}", "factor": f"own:{number}", "name": f"own {number}",
        "region": choice.choice(REGIONS[:-1]),
        "valid_from": dates[0], "valid_to": dates[1], "value": f"{choice.random():.4f}", "gwp_set": "AR5",
        "unit": choice.choice(("kg/kWh", "t/MWh", "g/MJ", "lb/MWh")),
    }  # fmt: skip


def a_freight_leg(choice: random.Random, number: int) -> tuple[Row, Row]:
    """A row of the table of a method, and the row with the amount it comes to."""
    row = a_row(choice, number, crosses=False) | {
        "activity": "upstream_transport",
        "item": choice.choice(FREIGHT),
        "entry": "",
    }
    row |= {"start": str(FIRST), "end": "2022-12-31", "region": choice.choice(REGIONS), "entity": "north",
            "provenance": "measured"}  # fmt: skip
    mass, distance = Fraction(choice.randint(0, 10**6), 100), Fraction(choice.randint(0, 10**6), 100)
    stated = {name: row[name] for name in ("id", "entity", "activity", "item", "region", "start", "end", "provenance")}
    inputs = {
        "mass": f"{float(mass):.2f}",
        "mass_unit": "t",
        "distance": f"{float(distance):.2f}",
        "distance_unit": "km",
    }
    product = mass * distance
    return stated | inputs, row | {"amount": decimal_text(product), "unit": "t.km"}


def drawn(seed: int) -> Drawn:
    choice = random.Random(seed)  # noqa: S311 - inventories that can be drawn again
    pro_rata, has_entities = choice.random() < 0.3, choice.random() < 0.4
    years = (str(FIRST), str(LAST))
    rules = Rules(
        gwp=choice.choice(("AR4", "AR5", "AR6")),
        books=choice.choice((("location", "market"), ("location",))),
        publications=tuple(choice.sample(SOURCES, choice.randint(3, len(SOURCES)))),
        rungs=choice.choice((("exact",), ("exact", "parent"), *[("exact", "parent", "world")] * 3)),
        max_age_years=choice.choice((0, 1, 3, 3)),
        decimals=choice.choice((0, 3, 6, 9)),
        period=choice.choice((years, ("2022-07-01", "2023-06-30"))) if pro_rata else years,
        pro_rata=pro_rata,
        organisation="generated",
        approach=choice.choice(("equity_share", "financial_control", "operational_control")) if has_entities else "",
        derived=tuple(name for name in ("upstream_of_fuels", "upstream_of_energy") if choice.random() < 0.1),
    )  # fmt: skip
    rows = [a_row(choice, number, crosses=pro_rata) for number in range(choice.randint(1, 12))]
    tables: dict[str, list[Row]] = {"activity.csv": rows}
    places = {number: ("activity.csv", number + 1) for number in range(1, len(rows) + 1)}
    fields: dict[str, object] = {"activity": ["activity.csv"]}
    if choice.random() < 0.2:
        legs = [a_freight_leg(choice, 100 + number) for number in range(choice.randint(1, 3))]
        tables["freight.csv"] = [stated for stated, _ in legs]
        places |= {len(rows) + number: ("freight.csv", number + 1) for number in range(1, len(legs) + 1)}
        rows = [*rows, *(plain for _, plain in legs)]
        fields |= {"activity": ["activity.csv", "freight.csv"], "methods": {"freight.csv": "transport.distance_based"}}
    if rules.approach:
        held = [
            *a_holding(choice, "north", "generated"),
            *a_holding(choice, "south", choice.choice(("generated", "north"))),
        ]
        tables["entities.csv"], fields["entities"] = held, ["entities.csv"]
        rules = Rules(**{**rules.__dict__, "holdings": tuple(held)})
    if choice.random() < 0.35:
        bought = [a_certificate(choice, number) for number in range(1, choice.randint(2, 5))]
        tables["instruments.csv"], fields["instruments"] = bought, {"tables": ["instruments.csv"]}
        rules = Rules(**{**rules.__dict__, "certificates": tuple(bought)})
    if choice.random() < 0.3:
        own = [an_own_factor(choice, number) for number in range(choice.randint(1, 4))]
        tables["own.csv"], fields["factors"] = own, ["own.csv"]
        rules = Rules(**{**rules.__dict__, "own": tuple(own)})
    return Drawn(fields | stated(rules), tables, rules, rows, places)


def stated(rules: Rules) -> dict[str, object]:
    """The fields of the inventory file."""
    described = {"title": "own", "publisher": "own", "edition": "own", "published": "2023", "licence": "own"}
    return {
        "inventory": "drawn", "organisation": rules.organisation, "title": "drawn", "base_year": "none",
        "period": dict(zip(("start", "end"), rules.period, strict=True)), "boundary": "drawn",
        "consolidation": rules.approach or "not_stated", "cut_off": "pro_rata" if rules.pro_rata else "refuse",
        "gwp": rules.gwp, "books": list(rules.books), "quantum": f"1e-{rules.decimals}", "derived": list(rules.derived),
        "publications": list(rules.publications),
        "ladder": {"regions": list(rules.rungs), "max_age_years": str(rules.max_age_years)},
        "sources": {"own": described | {"retrieved": "2026-11-26"}},
    }  # fmt: skip


def write(one: Drawn, folder: Path) -> Path:
    """The inventory's files; the path of the inventory."""
    for name, rows in one.tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        (folder / name).write_text(csv.table(columns, [[row[c] for c in columns] for row in rows]), encoding="utf-8")
    text = block({name: part for name, part in one.fields.items() if part != []})
    (folder / "inventory.yaml").write_text(text + "\n", encoding="utf-8")
    return folder / "inventory.yaml"


def compared(seed: int) -> Counter[str]:
    """One random inventory computed by both; what was compared.

    Raises:
        AssertionError: they differ.
    """
    one = drawn(seed)
    expected, wrong = reference().sound(one.rules, one.rows)
    with tempfile.TemporaryDirectory(prefix="ghg-differential-") as folder:
        path = write(one, Path(folder))
        with closing(run_file(read_inventory(path), Asked(incomplete=True))) as run:
            refused = {(Path(issue.file).name, issue.line) for issue in run.errors}
            found = {name: value.amount for name, value in run.result.figures().items()}
            balance, cut = run.balance, any("days," in choice.rung for m in run.plan.matches for choice in m.choices)
    places = {one.places[number] for number in wrong}
    assert refused == places, (
        f"seed {seed}: ghg refuses {sorted(refused - places)}, the reference {sorted(places - refused)}"
    )
    differing = {
        name: (found.get(name), expected.get(name))
        for name in {*found, *expected}
        if found.get(name, Fraction(0)) != expected.get(name, Fraction(0))
    }
    assert not differing, f"seed {seed}: {differing}"
    assert balance.read == len(one.rows), f"seed {seed}"
    counted = (
        len(one.rows), balance.posted, balance.unposted, balance.outside, cut, bool(one.rules.approach),
        bool(one.rules.certificates), bool(one.rules.own), "methods" in one.fields,
    )  # fmt: skip
    return Counter(dict(zip(COUNTED, map(int, counted), strict=True)))


def main(arguments: Sequence[str]) -> None:
    """Compare inventories and say what was compared; every seed that differs is listed."""
    count, seed = int(arguments[0]), int(arguments[2]) if len(arguments) > 2 else 0
    told: Counter[str] = Counter()
    different = 0
    for number in range(seed, seed + count):
        try:
            told += compared(number)
        except Exception as error:  # noqa: BLE001 - whatever happens on an inventory is a finding about it
            different += 1
            sys.stdout.write(f"seed {number}: {type(error).__name__}: {str(error)[:600]}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{count} inventories from seed {seed}: {different} differ\n")
    sys.stdout.write("".join(f"  {told[name]:>8,} {name}\n" for name in COUNTED))
    raise SystemExit(1 if different else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
