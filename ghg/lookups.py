"""What a person may look up: the closed lists, the units, factors found, and everything about one factor."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ghg.accounts import accounts
from ghg.catalogue.absences import Asked, Finding, Verdict, explain, knows_publisher, of_family, place
from ghg.catalogue.finder import Hit, region_code, search
from ghg.catalogue.finder import publications as find_publications
from ghg.catalogue.queries import GWP
from ghg.catalogue.subjects import subject, without_publisher
from ghg.factors import FACTOR, Factor, FactorRow, library
from ghg.figures import figures
from ghg.gases import Blend, blend_gwp, blends, gases, gwp, gwp_sets, without_value
from ghg.issues import GhgError, UnknownNameError
from ghg.methods import Method, methods
from ghg.numbers import decimal_text
from ghg.regions import WORLD, regions
from ghg.reports.text import columns, width
from ghg.sources import Source, sources
from ghg.statement import Cell, Statement
from ghg.units import BASE, accepted, of_dimension, refused, unit
from ghg.vocabulary import vocabulary

Table = tuple[Sequence[str], Iterable[Sequence[str]]]
WIDTH, LABEL, NARROWEST = 78, 14, 24
"""Columns a text wraps at; columns of a label; columns a wrapped cell has at least."""
SHOWN = 12
"""Activities named where words fit many."""
OF_A_GAS = ("id", "gas", "value", "unit", "gwp_set", "kind", "lower", "upper")
"""Columns that are shown as a table where the rows of a factor differ."""
HIT_COLUMNS = (
    "id", "kind", "figure", "value", "unit", "gas", "gwp_set", "activity", "name", "name_local", "region", "valid",
    "basis", "source", "score", "matched", "missed",
)  # fmt: skip


def _activities() -> Table:
    rows = ([a.activity, a.scope or "–", a.category, a.name, a.name_local, a.methods] for a in accounts().values())
    return ("activity", "scope", "category", "name", "name_local", "methods"), rows


def _regions() -> Table:
    return ("region", "name", "name_local", "parent"), (
        [r.region, r.name, r.name_local, r.parent] for r in regions().values()
    )


def _gases() -> Table:
    return ("gas", "formula", "name", "in_scopes"), ([g.gas, g.formula, g.name, g.in_scopes] for g in gases().values())


def _figures() -> Table:
    return ("figure", "label", "unit"), ([f.figure, f.label, f.written(f.unit)] for f in figures().values())


def _methods() -> Table:
    return _method_table(methods().values())


def _method_table(found: Iterable[Method]) -> Table:
    rows = (
        [
            m.id,
            "; ".join(f"{one.name}: {one.measures}" for one in m.inputs),
            m.calculation,
            m.data_type.value,
            m.standard,
        ]
        for m in found
    )
    return ("method", "inputs", "calculation", "data_type", "standard"), rows


def methods_statement(found: Iterable[Method]) -> Statement:
    """Methods as a table."""
    columns, rows = _method_table(found)
    return Statement("Methods", tuple(columns), tuple(dict(zip(columns, row, strict=True)) for row in rows))


def _factors() -> Table:
    rows = ([r.id, r.activity, r.region, r.value, r.unit, r.gas or r.kind, r.validity] for r in library().rows.values())
    return ("id", "activity", "region", "value", "unit", "gas", "validity"), rows


LISTS: Mapping[str, Callable[[], Table]] = {
    "activities": _activities,
    "regions": _regions,
    "gases": _gases,
    "figures": _figures,
    "methods": _methods,
    "factors": _factors,
}
"""Every list by its name."""


def listed(name: str) -> Statement:
    """A closed list as a table.

    Raises:
        UnknownNameError: there is no such list.
    """
    if name not in LISTS:
        raise UnknownNameError("list", name, LISTS, f"The lists are {', '.join(LISTS)}.")
    columns, rows = LISTS[name]()
    return Statement(name.capitalize(), tuple(columns), tuple(dict(zip(columns, row, strict=True)) for row in rows))


def publications() -> Statement:
    """The publications of the library: how many factors and rows each has, when it came out, what allows it to ship."""
    rows_of = Counter(row["source"] for row in library().texts())
    factors_of = Counter(source for _, source in {(row["factor"], row["source"]) for row in library().texts()})
    rows: list[dict[str, Cell]] = [
        {
            "publication": name, "factors": str(factors_of[name]), "rows": str(rows_of[name]),
            "published": source.published, "licence": source.licence,
        }
        for name, source in sources().items()
        if rows_of[name]
    ]  # fmt: skip
    gwps = sum(len(values) for values in gwp_sets().values())
    total = f"{len(rows)} publications, {factors_of.total():,} factors, {rows_of.total():,} rows"
    notes = (
        f"{total}; besides, {gwps:,} GWP values in {len(gwp_sets())} sets.",
        "'ghg factors search WORDS' finds a factor; 'ghg factors show ID' prints all about it, with its citation.",
    )
    return Statement("Publications", ("publication", "factors", "rows", "published", "licence"), tuple(rows), notes)


def publications_text(found: Statement) -> str:
    """The publications aligned, the licence wrapped beside them."""
    *names, last = found.columns
    head = columns(names, [[str(row[name]) for name in names] for row in found.rows], [1, 2])
    indent = max(width(line) for line in head) + 2
    room = max(WIDTH - indent, NARROWEST)
    lines = [f"{head[0]:{indent}}{last}", f"{head[1]:{indent}}{'─' * room}"]
    for start, row in zip(head[2:], found.rows, strict=True):
        first, *more = textwrap.wrap(str(row[last]), room, break_on_hyphens=False)
        lines += [f"{start:{indent}}{first}", *(" " * indent + text for text in more)]
    return "\n".join([*lines, "", *(text for note in found.notes for text in _wrap(note))])


def factor_statement(name: str) -> Statement:
    """All there is about a factor or a GWP value: every column of every row, its publication, its citation line.

    Raises:
        UnknownNameError: no GWP set has the name.
        GhgError: no factor has the id, or the GWP set has no value for the gas.
    """
    if name.startswith(f"{GWP}:"):
        return _gwp_statement(name)
    try:
        found = library().find(name)
    except UnknownNameError as error:
        near = [hit.id for hit in search(name.replace(":", " "), limit=3)]
        nearest = f" Nearest by its words: {', '.join(near)}." if near else ""
        raise GhgError(f"{error}{nearest} 'ghg factors search' finds factors by words.") from None
    names = tuple(FactorRow.model_fields)
    rows = tuple({n: str(getattr(row, n) or "") for n in names} for row in (*found.rows, found.total) if row)
    locators = "; ".join(dict.fromkeys(row["locator"] for row in rows))
    return Statement(found.id, names, rows, _cited(sources()[found.first.source], locators))


def _gwp_statement(name: str) -> Statement:
    """A GWP value as printed; that of a refrigerant blend is derived, and its note says how."""
    _, gwp_set, *rest = name.split(":")
    if ":".join(rest) in blends():
        return _blend_statement(name, gwp_set, blends()[":".join(rest)])
    found = gwp(gwp_set, ":".join(rest))
    gas = gases()[found.gas]
    row: dict[str, Cell] = {
        "id": name, "kind": GWP, "gas": found.gas, "name": gas.name, "formula": gas.formula, "gwp_set": gwp_set,
        "value": found.value, "unit": "kg CO2e/kg", "source": found.source, "locator": found.locator,
        "verification": found.verification, "note": found.note,
    }  # fmt: skip
    return Statement(name, tuple(row), (row,), _cited(sources()[found.source], found.locator))


def _blend_statement(name: str, gwp_set: str, blend: Blend) -> Statement:
    """The GWP of a blend: the sum of the mass share of each gas times its GWP."""
    value, nothing, first = blend_gwp(gwp_set, blend.blend), without_value(gwp_set, blend.blend), blend.rows[0]
    parts = [(row, "0" if row.gas in nothing else gwp(gwp_set, row.gas).value) for row in blend.rows]
    note = f"derived, not printed: {' + '.join(f'{row.share} × {potential} ({row.gas})' for row, potential in parts)}"
    note += f"; {gwp_set} publishes no number for {', '.join(nothing)}" if nothing else ""
    row: dict[str, Cell] = {
        "id": name, "kind": GWP, "gas": blend.blend, "name": blend.name, "formula": "", "gwp_set": gwp_set,
        "value": decimal_text(value), "unit": "kg CO2e/kg", "source": first.source, "locator": first.locator,
        "verification": first.verification, "note": note,
    }  # fmt: skip
    return Statement(name, tuple(row), (row,), _cited(sources()[first.source], first.locator))


def _cited(source: Source, locator: str) -> tuple[str, ...]:
    """What stands under everything taken from a publication; the first line is the citation, ready to paste."""
    return (
        f"cite as: {source.citation}, {locator}", f"published: {source.published}", f"licence: {source.licence}",
        f"retrieved: {source.retrieved}", f"checksum: {source.checksum or 'not recorded'}",
        *([f"about it: {source.note}"] if source.note else []),
    )  # fmt: skip


def factor_text(found: Statement) -> str:
    """A factor's filled columns, one a line; what differs between its gases as a table."""
    first, several = found.rows[0], len(found.rows) > 1
    shared = [name for name in found.columns if all(row[name] == first[name] for row in found.rows)]
    lines = [text for name in shared if first[name] for text in _label(name, _spelled(name, str(first[name])))]
    if several:
        table = [name for name in OF_A_GAS[1:] if name not in shared and any(row[name] for row in found.rows)]
        cells = [[str(row[name]) for name in table] for row in found.rows]
        lines += ["", *columns(table, cells, [n for n, name in enumerate(table) if name == "value"]), ""]
        for name in (n for n in found.columns if n not in (*shared, *OF_A_GAS)):
            said = {str(row[name]): [str(r["gas"]) for r in found.rows if r[name] == row[name]] for row in found.rows}
            lines += [t for text, of in said.items() if text for t in _label(name, f"{', '.join(of)}: {text}")]
    cite, *notes = found.notes
    return "\n".join([*lines, "", cite, *(text for note in notes for text in _wrap(note, indent=LABEL))])


def _spelled(name: str, text: str) -> str:
    """A code with what it stands for."""
    if name == "region":
        local = regions()[text].name_local
        return f"{text} ({place(text)}{f', {local}' if local else ''})"
    return f"{text} ({vocabulary()[text].name})" if name == "activity" and text in vocabulary() else text


def figure(factor: Factor) -> str:
    """The value of a factor in a few words: its printed CO2e total, or its gases.

    >>> figure(library().factors["cn-mee-2022:national"])
    '0.5366 kg CO2/kWh'
    """
    shown = (factor.total,) if factor.total else factor.rows
    parts = [f"{row.value} {row.unit.partition('/')[0]}{f' {row.gas}' if row.gas else ''}" for row in shown]
    slash = "/" if len(parts) == 1 else " per "
    return f"{' + '.join(parts)}{slash}{factor.first.unit.partition('/')[2]}"


def search_statement(hits: Sequence[Hit]) -> Statement:
    """Hits as a table; the value is the printed CO2e total where there is one."""
    rows = [_hit_row(hit) for hit in hits]
    lost = [term for term in (hits[0].missed if hits else ()) if all(term in hit.missed for hit in hits)]
    notes = []
    if not hits:
        notes.append(
            "Nothing fits. Try fewer or other words, or fewer filters; 'ghg factors list' names the publications."
        )
    if lost:
        hint = "'ghg factors explain-absence' says why a factor is not there."
        notes.append(f"No hit fits all of: {', '.join(lost)}. {hint}")
    return Statement("Factors found", HIT_COLUMNS, tuple(rows), tuple(notes))


def _hit_row(hit: Hit) -> dict[str, Cell]:
    fits = {"matched": "; ".join(hit.matched), "missed": "; ".join(hit.missed)}
    said: dict[str, Cell] = {"id": hit.id, "score": f"{hit.score:.3f}", **fits}
    blank: dict[str, Cell] = dict.fromkeys(HIT_COLUMNS, "")
    if hit.factor is None:
        found = _gwp_statement(hit.id).rows[0]
        value: dict[str, Cell] = {
            "figure": f"{found['value']} {found['unit']}", "name": f"GWP of {found['name']}, {found['gwp_set']}",
            "valid": "", "region": WORLD,
        }  # fmt: skip
        return blank | {n: found[n] for n in HIT_COLUMNS if n in found} | value | said
    first, shown = hit.factor.first, hit.factor.total or hit.factor.first
    return blank | {
        "kind": first.kind, "figure": figure(hit.factor), "value": shown.value, "unit": shown.unit, "gas": shown.gas,
        "gwp_set": shown.gwp_set, "activity": first.activity, "name": first.name, "name_local": first.name_local,
        "region": first.region, "valid": first.validity, "basis": first.basis, "source": first.source, **said,
    }  # fmt: skip


def search_text(found: Statement) -> str:
    """Hits as short blocks: id and value; name; place, validity, basis; what it misses."""
    lines: list[str] = []
    for number, row in enumerate(found.rows, start=1):
        head, value = f"{number:2}  {row['id']}", str(row["figure"])
        fits = width(head) + 2 + width(value) <= WIDTH
        lines += [f"{head}  {value}"] if fits else [head, *_wrap(value, "    ", 4)]
        name = f"{row['name']} {row['name_local']}".strip()
        what = [place(str(row["region"])), row["valid"], str(row["basis"]).replace("_", " ")]
        what += [str(row["kind"]).replace("_", " ")] if row["kind"] not in (FACTOR, GWP) else []
        lines += [*_wrap(name, "    ", 4), *_wrap(" · ".join(str(part) for part in what if part), "    ", 4)]
        lines += [*(_wrap(f"misses: {row['missed']}", "    ", 4) if row["missed"] else []), ""]
    return "\n".join([*lines, *(text for note in found.notes for text in _wrap(note))])


def explain_absence(text: str, region: str = "", year: int | None = None, publisher: str = "") -> Finding:
    """Whether the library holds a factor, and if not why, with the nearest that exist.

    Args:
        text: a word of the vocabulary, or free words; they may say place, year and publisher too.
        region: a code or a name.
        year: the calendar year of the activity.
        publisher: the start of a publication's id, or a publisher's name or acronym.

    Raises:
        UnknownNameError: no word of the vocabulary fits, or no region or publisher is called so.
        GhgError: place or year is missing.
    """
    text, named = without_publisher(text)
    about = subject(text)
    code, when = region_code(region) if region else about.region, year or about.year
    by = publisher or about.publisher or named
    if not code or not when:
        missing = "where: --region CN-XZ" if not code else "when: --year 2022"
        raise GhgError(f"say {missing}, or write it among the words: 'tibet electricity 2022'.")
    try:
        editions = find_publications(by) if by else ()
    except UnknownNameError:
        if not knows_publisher(by):
            raise
        editions = ()
    if len(about.activities) > 1 and (found := of_family(about.activities, code, when, by)):
        return found
    if len(about.activities) > 1:
        shown, more = about.activities[:SHOWN], len(about.activities) - SHOWN
        why = f"The words fit {len(about.activities)} activities; name one of them: {', '.join(shown)}"
        why += f" and {more} more." if more > 0 else "."
        return Finding(Asked(text, code, when), Verdict.AMBIGUOUS, (why,))
    return explain(Asked(about.activities[0], code, when, about.kind, about.bases, by, editions))


def absence_statement(found: Finding) -> Statement:
    """The answer as a table: what exists, or the nearest that does; the verdict is the title, the reasons are notes."""
    names = ("verdict", "relation", "id", "figure", "region", "valid", "basis", "differs", "needs")
    pairs = [("it", factor, "", "") for factor in found.found]
    pairs += [("near", near.factor, near.differs, near.needs) for near in found.nearest]
    rows = [
        dict(zip(names, (found.verdict.value, relation, f.id, figure(f), *_where(f), differs, needs), strict=True))
        for relation, f, differs, needs in pairs
    ]
    asked = found.asked
    what = f"{asked.activity}, {asked.kind.replace('_', ' ')}" if asked.kind != FACTOR else asked.activity
    title = f"{what} in {place(asked.region)} ({asked.region}), {asked.year}: {found.verdict}"
    return Statement(title, names, tuple(rows), found.why)


def _where(factor: Factor) -> tuple[str, str, str]:
    return factor.first.region, factor.first.validity, factor.first.basis


def absence_text(found: Statement) -> str:
    """The answer in words."""
    lines = [*_wrap(found.title), "", *(text for note in found.notes for text in _wrap(note, "· ", 2))]
    for relation, title in (("it", "What there is"), ("near", "Nearest that exist")):
        rows = [row for row in found.rows if row["relation"] == relation]
        lines += ["", title] if rows else []
        for row in rows:
            lines += _wrap(f"{row['id']}  {row['figure']}", "  ", 6)
            what = " · ".join(str(part) for part in (row["region"], row["valid"], row["basis"]) if part)
            lines += _wrap(str(row["differs"]) or what.replace("_", " "), " " * 6, 6)
            lines += _wrap(f"to use it: {row['needs']}", " " * 6, 6) if row["needs"] else []
    return "\n".join(lines)


def _label(name: str, text: str) -> list[str]:
    """A name and its text, wrapped under itself."""
    return _wrap(text, f"{name:{LABEL - 1}} ", LABEL)


def _wrap(text: str, start: str = "", indent: int = 0) -> list[str]:
    """A text cut at the width of a narrow terminal; a word, such as an id, is never broken."""
    lines, line = [], start
    for word in text.split(" "):
        joined = line + word if line in (start, " " * indent) else f"{line} {word}"
        if width(joined) > WIDTH and line.strip() and line != start:
            lines.append(line)
            joined = " " * indent + word
        line = joined
    return [*lines, line.rstrip()]


def units_text(spelling: str | None = None, dimension: str | None = None) -> str:
    """The accepted spellings with their sizes, all or of one dimension, and the refused ones; or one spelling.

    Raises:
        UnitError: the spelling is not accepted.
        GhgError: no unit measures the dimension.
    """
    if spelling is not None:
        found = unit(spelling)
        bases = [name for name in of_dimension(found.dimension) if unit(name).multiplier == 1]
        equals = f"{decimal_text(found.multiplier)} {BASE.get(found.dimension, bases[0])}"
        return f"{found.spelling}: measures {found.dimension}; 1 {found.spelling} = {equals}"
    shown = [found for found in accepted().values() if dimension in (None, found.dimension)]
    if not shown:
        dimensions = sorted({found.dimension for found in accepted().values()})
        raise GhgError(f"no unit measures {dimension!r}; the dimensions are {', '.join(dimensions)}.")
    rows = [[found.dimension, found.spelling, decimal_text(found.multiplier)] for found in shown]
    lines = columns(["dimension", "spelling", "base units in one"], rows, [2])
    if dimension is None:
        lines += ["", *columns(["refused", "write instead"], [list(pair) for pair in refused().items()], [])]
    return "\n".join(lines)
