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


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of an instrument's certificates.

    Attributes:
        registry: the tracking system, in plain form.
        text: the number as stated, in plain form.
        before: what stands before the first and last number of a series.
        first: the first number of a series of certificates.
        last: the last one; below the first where the text is no series.
    """

    registry: str
    text: str
    before: str = ""
    first: int = 0
    last: int = -1

    def shares(self, other: Numbers) -> bool:
        """Whether a certificate stands in both."""
        if self.registry != other.registry:
            return False
        meets = max(self.first, other.first) <= min(self.last, other.last)
        return self.text == other.text or (meets and self.before == other.before)


def numbers_of(row: InstrumentRow) -> Numbers | None:
    """The numbers that a row states; none where it states none.

    A text such as ``1001-1250`` of a certificate is a series where it counts as many as the amount has MWh: registries
    issue one certificate a MWh. Any other text is one number.
    """
    if not row.tracking_id:
        return None
    registry, text = _plain(row.registry), _plain(row.tracking_id)
    found = SPAN.fullmatch(text) if row.rung == "certificate" else None
    if found is None or found["again"] not in ("", found["before"]):
        return Numbers(registry, text)
    first, last = int(found["first"]), int(found["last"])
    is_series = last - first + 1 == _megawatt_hours(row)
    return Numbers(registry, text, found["before"], first, last) if is_series else Numbers(registry, text)


def _plain(text: str) -> str:
    """A text without differences of case, spaces and dashes, which people write by hand."""
    return re.sub(" ?- ?", "-", " ".join(text.casefold().translate(DASHES).split()))


def _megawatt_hours(row: InstrumentRow) -> Fraction:
    return parse(row.amount) * accepted()[row.unit].multiplier / accepted()["MWh"].multiplier
