"""An independent reference: the figures of an inventory by the shortest way, in exact rationals, row by row.

It shares no code with ``ghg``: the standard library reads the tables, and each rule is written again from
``docs/explanation/design.md``. No plan, no balance, no SQL, no cache. Rows may span factors, borders of the period and
of holdings; fuels go by any way to a factor; gases and blends are released as they are. What it does not cover, such as
pins and selections, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ghg.testing.reference.shares import Holdings, Portion, Span, certified, spans
from ghg.testing.reference.tables import AmbiguousError, NotCoveredError, Row, Rules, Tables, Want

__all__ = ["NotCoveredError", "Reference", "Rules"]

ROUTES = (
    ("energy", "energy_net", (), "energy_net"),
    ("energy_gross", "energy_gross", (), "energy_gross"),
    ("metered_energy", "energy", (), "energy"),
    ("quantity_mass", "mass", (), "mass"),
    ("quantity_volume", "volume", (), "volume"),
    ("mass", "mass", ("net_calorific_value",), "energy_net"),
    ("mass_gross", "mass", ("gross_calorific_value",), "energy_gross"),
    ("volume", "volume", ("net_calorific_value",), "energy_net"),
    ("volume_gross", "volume", ("gross_calorific_value",), "energy_gross"),
    ("volume_density", "volume", ("density", "net_calorific_value"), "energy_net"),
    ("volume_density_gross", "volume", ("density", "gross_calorific_value"), "energy_gross"),
    ("volume_as_mass", "volume", ("density",), "mass"),
    ("consumption", "energy", (), "energy"),
    ("asset_specific", "energy", (), "energy"),
    ("freight_distance", "freight_distance", (), "freight_distance"),
)
"""Ways from an amount to a factor, in their order: name, what the amount measures, parameters, what the factor is per
(IPCC 2006, vol. 2, ch. 2 and 3; Scope 2 Guidance, ch. 6; Scope 3 technical guidance, ch. 4)."""
MEASURES = {"density": "mass", "net_calorific_value": "energy_net", "gross_calorific_value": "energy_gross"}
"""What each parameter turns an amount into."""
MEASURED = {"water": "water", "non_hazardous_waste": "waste_non_hazardous", "hazardous_waste": "waste_hazardous"}
"""Category of a measured quantity to its figure."""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
PROVENANCES = ("measured", "reported", "estimated", "extrapolated", "proxy")
REQUIRED = ("id", "entity", "activity", "region", "start", "end", "amount", "unit", "provenance")

OTHER = {"market": "scope2", "location": "scope2_market"}
"""Of each book the figure that tells that the other one values purchased energy."""


class Reference(Tables):
    """The figures of inventories over the tables under ``factors/``."""

    def figures(self, rules: Rules, rows: Sequence[Row]) -> dict[str, Fraction]:
        """Scopes in t CO2e, energy in MWh, water and waste in t; figures that nothing posts to are left out.

        Raises:
            NotCoveredError: a row is not covered, or is wrong.
        """
        found, wrong = self.sound(rules, rows)
        if wrong:
            raise NotCoveredError(f"rows {wrong}")
        return found

    def sound(self, rules: Rules, rows: Sequence[Row]) -> tuple[dict[str, Fraction], list[int]]:
        """The figures of the rows that are right, and the places of the others, counted from one."""
        right = [(place, row) for place, row in enumerate(rows, start=1) if self.is_right(rules, row)]
        holdings = Holdings(rules.organisation, rules.approach, rules.holdings)
        entities = {row["entity"] for row in rows}
        covered = certified(self, rules, [row for _, row in right], holdings, entities)
        found: dict[str, Fraction] = {}
        lost: set[str] = set()
        wrong = [place for place in range(1, len(rows) + 1) if place not in dict(right)]
        for place, row in right:
            try:
                posted = list(self._posted(rules, row, holdings, covered))
            except NotCoveredError:
                wrong.append(place)
                continue
            for name, value in posted:
                found[name] = found.get(name, Fraction(0)) + value
            lost |= {book for name, _ in posted for book, of in OTHER.items() if name == of and book not in rules.books}
        # Energy that is not valued in a book would leave the figures of that book too small.
        gone = {name for book in lost for name in _figures("2", "", book)}
        # A total of all scopes is one where Scope 3 and another have emissions.
        if "scope3" not in found or not {"scope1", "scope2", "scope2_market"} & set(found):
            gone |= {"scope1+2+3", "scope1+2+3_market"}
        for name in gone:
            found.pop(name, None)
        return found, sorted(wrong)

    def is_right(self, rules: Rules, row: Row) -> bool:
        """Whether a row by itself is right, before any factor is looked for."""
        if not all(row.get(name) for name in REQUIRED) or row["provenance"] not in PROVENANCES:
            return False
        if not NUMBER.fullmatch(row["amount"]) or row["unit"] not in self.units:
            return False
        if row["activity"] not in self.accounts or row["region"] not in self.parents:
            return False
        amount = Decimal(row["amount"])
        if abs(amount) >= 10**18 or (amount < 0 and row.get("entry") != "correction"):
            return False
        try:
            start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
        except ValueError:
            return False
        first, last = map(date.fromisoformat, rules.period)
        inside = start <= last and end >= first if rules.pro_rata else first <= start and end <= last
        known = not rules.approach or row["entity"] in {
            rules.organisation,
            *(held["entity"] for held in rules.holdings),
        }
        return start <= end and inside and known and self._takes(row)

    def _takes(self, row: Row) -> bool:
        """Whether the account takes an amount of the row's unit."""
        account = self.accounts[row["activity"]]
        dimension = self.size(row["unit"])[0]
        if account["measure"] != "emissions" or account["factor_activity"] == "gas":
            return dimension == "mass"
        return any(dimension == route[1] for route in self._routes(account))

    def _routes(self, account: Row) -> list[tuple[str, str, tuple[str, ...], str]]:
        named = [name.partition(".")[2] for name in account["methods"].split()]
        return [route for name in named for route in ROUTES if route[0] == name]

    def _posted(
        self, rules: Rules, row: Row, holdings: Holdings, covered: Mapping[tuple[str, str], Sequence[Portion]]
    ) -> Iterator[tuple[str, Fraction]]:
        """What one row adds to each figure."""
        account, amount = self.accounts[row["activity"]], self.amount(rules, row)
        if bool(row.get("item")) != ("*" in account["factor_activity"] or account["factor_activity"] == "gas"):
            raise NotCoveredError("an item is missing, or not taken")
        for span in spans(rules.period, holdings, row):
            whole = amount * span.share
            if account["factor_activity"] == "gas":
                yield from self._released(rules, account, row["item"], whole, span)
            elif account["measure"] != "emissions":
                yield MEASURED[account["category"]], whole / 1000
            else:
                portions = () if span.category else covered.get((row["region"], row["entity"]), ())
                yield from self._emitted(rules, row, whole, span, portions if account["scope"] == "2" else ())

    def _released(
        self, rules: Rules, account: Row, item: str, kilograms: Fraction, span: Span
    ) -> Iterator[tuple[str, Fraction]]:
        """A gas, or the gases of a blend, released as they are."""
        parts = self.blends.get(item, {item: Fraction(1)})
        for gas, share in parts.items():
            has_value = (rules.gwp, gas) in self.gwps
            if not has_value and (item not in self.blends or self.gases[gas]["group"] in ("Kyoto", "Montreal")):
                raise NotCoveredError(f"no GWP for {gas}")
            if has_value:
                yield from self._counted(rules, account, gas, kilograms * share, "", span)

    def _emitted(
        self, rules: Rules, row: Row, whole: Fraction, span: Span, portions: Sequence[Portion]
    ) -> Iterator[tuple[str, Fraction]]:
        """An amount under the factors of its days, by the first way that finds them."""
        account, dimension = self.accounts[row["activity"]], self.size(row["unit"])[0]
        ways = [route for route in self._routes(account) if route[1] == dimension]
        failed: NotCoveredError | None = None
        for _, _, parameters, per in ways:
            try:
                yield from self._by_way(rules, row, whole, span, portions, parameters, per)
            except AmbiguousError:
                raise
            except NotCoveredError as error:
                failed = failed or error
                continue
            return
        raise failed or NotCoveredError(f"{row['activity']} takes no {dimension}")

    def _by_way(
        self, rules: Rules, row: Row, whole: Fraction, span: Span, portions: Sequence[Portion],
        parameters: tuple[str, ...], per: str,
    ) -> list[tuple[str, Fraction]]:  # fmt: skip
        """What an amount adds to each figure by one way, each part of its days under the factors of the part."""
        account, item = self.accounts[row["activity"]], row.get("item", "")
        word = item if "*" in account["factor_activity"] else account["factor_activity"]
        fuel, measured, turned = ".".join(word.split(".")[:2]), self.size(row["unit"])[0], []
        for kind in parameters:
            turned.append(Want(kind, fuel, (), False, measured))
            measured = MEASURES[kind]
        rest = 1 - sum((portion.share for portion in portions), Fraction(0))
        has_books = bool(account["market_factor_activity"]) and not span.category
        books = [book for book in (rules.books if has_books else ("location",)) if book != "market" or rest]
        wants = [*turned, *(self._factor(account, book, item, per) for book in books)]
        followers = self._followers(rules, row, word, span)
        days = (span.start, span.end)
        made: list[tuple[str, Fraction]] = []
        for share, chosen in self.by_days(rules, row, days, [*wants, *(want for _, want in followers)]):
            base = whole * share
            for factor in chosen[: len(turned)]:
                base *= self.value(factor[0])
            for book, rows in zip(books, chosen[len(turned) :], strict=False):
                part = base * rest if book == "market" else base
                made += self._by_gas(rules, account, rows, part, book if has_books else "", span)
            for (other, _), rows in zip(followers, chosen[len(wants) :], strict=True):
                made += self._by_gas(rules, other, rows, whole * share, "", span)
            if account["energy"] and per.startswith("energy") and not span.category:
                made += [(name, base / 3600) for name in ("energy", f"energy_{account['energy']}")]
        for portion in portions:
            made += self._counted(rules, account, "CO2e", whole * portion.share * portion.rate, "market", span)
        return made

    def _by_gas(
        self, rules: Rules, account: Row, rows: Sequence[Row], base: Fraction, book: str, span: Span
    ) -> Iterator[tuple[str, Fraction]]:
        """What the gas rows of a factor add."""
        for gas in rows:
            yield from self._counted(rules, account, gas["gas"], base * self.value(gas), book, span)

    def _factor(self, account: Row, book: str, item: str, per: str) -> Want:
        side = "market_" if book == "market" else ""
        word = account[f"{side}factor_activity"]
        words = account[f"{side}factor_basis"].split()
        bases = tuple(basis for basis in words if basis != ">")
        return Want("emission_factor", item if "*" in word else word, bases, ">" in words and len(bases) > 1, per)

    def _followers(self, rules: Rules, row: Row, word: str, span: Span) -> list[tuple[Row, Want]]:
        """The accounts that take the row once more: asked for, or found to have a factor."""
        account = self.accounts[row["activity"]]
        made: list[tuple[Row, Want]] = []
        for other in self.accounts.values():
            if f"{account['scope']}/{account['category']}" not in other["follows"].split():
                continue
            if not any(
                word == own or (own.endswith("*") and word.startswith(own[:-1]))
                for own in other["factor_activity"].split()
            ):
                continue
            want = Want("emission_factor", word, tuple(other["factor_basis"].split()), False, self.size(row["unit"])[0])
            if other["activity"] in rules.derived:
                made.append((other, want))
            elif other["following"] == "found":
                try:
                    self.choose(rules, row, want, span.start, span.end)
                except AmbiguousError:
                    made.append((other, want))
                except NotCoveredError:
                    continue
                else:
                    made.append((other, want))
        return made

    def _counted(
        self, rules: Rules, account: Row, gas: str, kilograms: Fraction, book: str, span: Span
    ) -> Iterator[tuple[str, Fraction]]:
        """What a mass of gas adds to the figures: in the scopes, or outside them."""
        scope, category = account["scope"], account["category"]
        if span.category and scope in ("1", "2"):
            if book == "market":
                return
            scope, category, book = "3", span.category, ""
        in_scopes = gas == "CO2e" or self.gases[gas]["in_scopes"] == "yes"
        if gas == "CO2_biogenic":
            if scope in ("1", "3"):
                yield "biogenic_co2" if scope == "1" else "biogenic_co2_scope3", kilograms / 1000
        elif not in_scopes:
            yield "gases_outside_scopes", kilograms * self.gwps[rules.gwp, gas] / 1000
        weight = (1 if gas == "CO2e" else self.gwps[rules.gwp, gas]) if in_scopes else 0
        for name in _figures(scope, category, book):
            yield name, kilograms * weight / 1000


def _figures(scope: str, category: str, book: str) -> list[str]:
    """The figures that an amount of a scope counts towards in a book; a blank book is both."""
    if scope == "3":
        return ["scope3", f"scope3.{category.partition('_')[0]}", "scope1+2+3", "scope1+2+3_market"]
    if scope == "1":
        return ["scope1", "scope1+2", "scope1+2_market", "scope1+2+3", "scope1+2+3_market"]
    both = {
        "location": ["scope2", "scope1+2", "scope1+2+3"],
        "market": ["scope2_market", "scope1+2_market", "scope1+2+3_market"],
    }
    return both[book] if book else [*both["location"], *both["market"]]
