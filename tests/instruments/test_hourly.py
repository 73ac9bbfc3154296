from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ghg
from ghg.issues import InputError
from tests.instruments.small import ACTIVITY, INSTRUMENT, INVENTORY, table

BEIJING = timezone(timedelta(hours=8))
HOURLY = "instruments: {tables: [instruments.csv], matching: hourly, load: [load.csv], generation: [generation.csv]}\n"


def hours(count: int, start: str = "2022-01-01", zone: timezone = BEIJING) -> list[str]:
    first = datetime.fromisoformat(start).replace(tzinfo=zone)
    return [(first + timedelta(hours=n)).isoformat(timespec="minutes") for n in range(count)]


def profile(words: str, amounts: Iterable[object], times: list[str], unit: str = "MWh") -> str:
    return "".join(f"{words},{time},{amount},{unit}\n" for time, amount in zip(times, amounts, strict=False))


def write(
    folder: Path,
    load: str,
    generation: str,
    total: object,
    *,
    last: str = "2022-01-01",
    cells: dict[str, str] | None = None,
) -> Path:
    folder.mkdir(exist_ok=True)
    day = {"vintage_start": "2022-01-01", "vintage_end": last, "amount": "1000000"}
    text = INVENTORY.replace("end: 2022-12-31", f"end: {last}") + HOURLY
    (folder / "inventory.yaml").write_text(text, encoding="utf-8")
    row = {"amount": str(total), "end": last}
    (folder / "activity.csv").write_text(table([row], ACTIVITY), encoding="utf-8")
    (folder / "instruments.csv").write_text(table([{**day, **(cells or {})}], INSTRUMENT), encoding="utf-8")
    (folder / "load.csv").write_text("carrier,entity,region,hour,amount,unit\n" + load, encoding="utf-8")
    (folder / "generation.csv").write_text("instrument,hour,amount,unit\n" + generation, encoding="utf-8")
    return folder / "inventory.yaml"


NORTH = "electricity,North,CN-BJ"


def covered(path: Path) -> Fraction:
    made = ghg.run(path)
    assert made.instruments is not None
    amount = made.instruments.matching.applied.get("1", Fraction(0)) / 3600
    market = made.figure("scope2_market")
    total = made.figure("energy")
    assert market is not None
    assert total is not None
    assert market.amount == (total.amount - amount) * Fraction("0.5856")
    made.close()
    return amount


def test_a_surplus_at_noon_does_not_cover_the_night(tmp_path: Path) -> None:
    times = hours(24)
    load = profile(NORTH, [1] * 24, times)
    sun = profile("1", [0] * 8 + [3] * 8 + [0] * 8, times)
    assert covered(write(tmp_path, load, sun, 24)) == 8


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=24, max_size=24),
    st.lists(st.integers(0, 50), min_size=24, max_size=24),
)
def test_what_is_covered_is_the_smaller_of_the_two_in_each_hour(
    tmp_path_factory: pytest.TempPathFactory, load: list[int], sun: list[int]
) -> None:
    folder, times = tmp_path_factory.mktemp("hourly"), hours(24)
    path = write(folder, profile(NORTH, load, times), profile("1", sun, times), sum(load))
    assert covered(path) == sum(map(min, load, sun))


def test_time_zones_are_compared_in_universal_time(tmp_path: Path) -> None:
    load = profile(NORTH, range(24), hours(24))
    elsewhere = profile("1", [2], ["2022-01-01T04:00+00:00"])  # noon in Beijing
    assert covered(write(tmp_path, load, elsewhere, sum(range(24)))) == 2


def test_the_order_of_the_hours_does_not_matter(tmp_path: Path) -> None:
    times = hours(24)
    pairs = list(zip(times, range(24), strict=True))[::-1]
    load = "".join(f"{NORTH},{time},{amount},MWh\n" for time, amount in pairs)
    assert covered(write(tmp_path, load, profile("1", [5] * 24, times), sum(range(24)))) == sum(
        min(5, amount) for amount in range(24)
    )


@pytest.mark.parametrize(("year", "count"), [(2022, 8760), (2024, 8784)])
def test_a_year_has_its_hours(year: int, count: int) -> None:
    times = hours(count, f"{year}-01-01")
    assert times[-1] == f"{year}-12-31T23:00+08:00"


def test_a_whole_year_is_matched_in_the_units_it_is_written_in(tmp_path: Path) -> None:
    times = hours(8760)
    load = profile(NORTH, ["0.000001"] * 8760, times)
    sun = profile("1", [n % 2 for n in range(8760)], times, "Wh")
    path = write(tmp_path, load, sun, "0.00876", last="2022-12-31")
    assert covered(path) == Fraction(8760, 2 * 10**6)
    short = profile(NORTH, ["0.000001"] * 8759, times)
    with pytest.raises(InputError, match="has 8,759 hours"):
        ghg.run(write(tmp_path, short, sun, "0.008759", last="2022-12-31"))


def test_units_that_are_no_multiples_of_each_other_are_refused(tmp_path: Path) -> None:
    load, sun = profile(NORTH, [1] * 24, hours(24), "kWh"), profile("1", [1], hours(1), "MJ")
    with pytest.raises(InputError, match="its unit does not fit"):
        ghg.run(write(tmp_path, load, sun, "0.024"))


@pytest.mark.parametrize(
    ("load", "generation", "total", "said"),
    [
        (profile(NORTH, [1] * 23, hours(23)), profile("1", [1], hours(1)), 23, "has 23 hours"),
        (profile(NORTH, [1] * 24, hours(24)), profile("1", [1], hours(1)), 25, "sums to 24 MWh, its rows to 25 MWh"),
        (profile(NORTH, [1] * 24, hours(24)), profile("2", [1], hours(1)), 24, "no hourly generation is stated"),
        (profile("electricity,South,CN-BJ", [1] * 24, hours(24)), profile("1", [1], hours(1)), 24, "no hourly load"),
        (profile(NORTH, [1] * 24, hours(24)), profile("1", [1], hours(1, "2023-01-01")), 24, "no hours of the load"),
        (profile(NORTH, [1] * 24, hours(24)), profile("1", [2000000], hours(1)), 24, "more than the instrument"),
        (profile(NORTH, [1, 1], [hours(1)[0]] * 2), profile("1", [1], hours(1)), 2, "stands twice"),
        (profile(NORTH, [1], ["2022-01-01T00:00"]), profile("1", [1], hours(1)), 1, "offset from universal time"),
        (profile(NORTH, ["-1"], hours(1)), profile("1", [1], hours(1)), 1, "is no amount"),
        (profile(NORTH, ["x"], hours(1)), profile("1", [1], hours(1)), 1, "is no amount"),
        (profile(NORTH, ["1_0"], hours(1)), profile("1", [1], hours(1)), 10, "is no amount"),
        (profile(NORTH, ["１"], hours(1)), profile("1", [1], hours(1)), 1, "is no amount"),
        (profile(NORTH, [f"1.{'0' * 30}1"], hours(1)), profile("1", [1], hours(1)), 1, "is no amount"),
        (profile(NORTH, [1], hours(1), "t"), profile("1", [1], hours(1)), 1, "unit of energy"),
    ],
)
def test_what_cannot_be_matched_is_refused(tmp_path: Path, load: str, generation: str, total: int, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        ghg.run(write(tmp_path, load, generation, total))
    assert {issue.rule for issue in caught.value.issues} == {"hourly-invalid"}


def test_hourly_matching_needs_its_tables(tmp_path: Path) -> None:
    path = write(tmp_path, "", "", 1)
    path.write_text(path.read_text(encoding="utf-8").replace(", load: [load.csv]", ""), encoding="utf-8")
    with pytest.raises(InputError, match="hourly matching needs tables"):
        ghg.run(path)
