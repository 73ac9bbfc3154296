"""Numbers of certificates in a tracking system: when two of them stand for the same certificates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from ghg.instruments.declaration import InstrumentRow
from ghg.numbers import parse
from ghg.units import accepted

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
SPAN = re.compile(r"(?P<before>.*?)(?P<first>\d{1,30})-(?P<again>.*?)(?P<last>\d{1,30})", re.ASCII)
ONE = re.compile(r"(?P<before>.*?)(?P<first>\d{1,30})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Series:
    """Certificates that are numbered one after another.

    Attributes:
        before: what stands before the first and last number.
        first: the first number.
        last: the last one.
    """

    before: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many certificates it has."""
        return self.last - self.first + 1

    def meets(self, other: Series) -> bool:
        """Whether a certificate lies in both."""
        return self.before == other.before and max(self.first, other.first) <= min(self.last, other.last)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of an instrument's certificates.

    Attributes:
        registry: the tracking system, in plain form.
        text: the number as stated, in plain form.
        series: the certificates it lists; none where the text does not say how many they are.
    """

    registry: str
    text: str
    series: tuple[Series, ...] = ()

    def shares(self, other: Numbers) -> bool:
        """Whether a certificate stands in both."""
        meets = any(one.meets(another) for one in self.series for another in other.series)
        return self.registry == other.registry and (self.text == other.text or meets)


def numbers_of(row: InstrumentRow) -> Numbers | None:
    """The numbers that a row states; none where it states none.

    Texts such as ``1001-1250`` or ``1001-1100, 1201-1349, 1400`` of a certificate are series where they count as many
    as the amount has MWh: registries issue one certificate a MWh. Any other text is one number.
    """
    if not row.tracking_id:
        return None
    registry, text = _plain(row.registry), _plain(row.tracking_id)
    if row.rung != "certificate":
        return Numbers(registry, text)
    parts = re.split("[,;]", text)
    found = tuple(one for part in parts if (one := _series(part.strip())))
    is_whole = len(found) == len(parts) and sum(one.count for one in found) == _megawatt_hours(row)
    return Numbers(registry, text, found if is_whole else ())


def _series(text: str) -> Series | None:
    """The series that a text states; none where it states none."""
    found = SPAN.fullmatch(text)
    if found and found["again"] in ("", found["before"]) and int(found["first"]) <= int(found["last"]):
        return Series(found["before"], int(found["first"]), int(found["last"]))
    one = ONE.fullmatch(text)
    return Series(one["before"], int(one["first"]), int(one["first"])) if one else None


def _plain(text: str) -> str:
    """A text without differences of case, spaces, dashes and zeros before a number, that slip in."""
    plain = re.sub(" ?- ?", "-", " ".join(text.casefold().translate(DASHES).split()))
    return (plain.lstrip("0") or "0") if plain.isascii() and plain.isdigit() else plain


def _megawatt_hours(row: InstrumentRow) -> Fraction:
    return parse(row.amount) * accepted()[row.unit].multiplier / accepted()["MWh"].multiplier
