from __future__ import annotations

from pathlib import Path

import pytest

from ghg.instruments.declaration import OPTIONAL, REQUIRED, RUNGS, InstrumentRow, kinds, read_instruments
from ghg.issues import InputError
from ghg.regions import regions
from tests.instruments.small import INSTRUMENT, table


def read(folder: Path, **cells: str) -> InstrumentRow:
    (folder / "i.csv").write_text(table([cells], INSTRUMENT), encoding="utf-8")
    [found] = read_instruments(folder / "i.csv", "i.csv")
    assert found.line == 2
    return found.row


def test_every_kind_stands_on_a_rung_and_every_rung_has_kinds() -> None:
    assert {kind.rung for kind in kinds().values()} == set(RUNGS)
    assert all(not kind.market or kind.market in regions() for kind in kinds().values())


def test_the_columns_are_the_fields_of_a_row() -> None:
    assert {*REQUIRED, *OPTIONAL} == set(InstrumentRow.model_fields)


def test_a_zero_rate_is_a_rate_and_a_blank_one_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, emission_rate="0").emission_rate == "0"
    assert read(tmp_path, emission_rate="").emission_rate == ""


def test_a_blank_carrier_is_electricity(tmp_path: Path) -> None:
    assert read(tmp_path, carrier="").carrier == "electricity"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"kind": "gecs"}, "no kind of instrument is called 'gecs'. Did you mean 'gec'"),
        ({"unit": "t"}, "no energy unit"),
        ({"unit": "MWh_net"}, "no energy unit"),
        ({"amount": ""}, "blank is not zero"),
        ({"amount": "-1"}, "no negative amount"),
        ({"amount": "1,000"}, "the row has"),
        ({"emission_rate": "-0.1"}, "is not negative"),
        ({"rate_unit": ""}, "needs rate_unit, rate_gas, source and locator"),
        ({"factor": "own:ppa"}, "not both"),
        ({"vintage_end": "2021-12-31"}, "ends before it starts"),
        ({"vintage_start": "2022"}, "year-month-day"),
        ({"market": ""}, "the text is blank"),
        ({"attributes": "perhaps"}, "it is one of"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    (tmp_path / "i.csv").write_text(table([cells], INSTRUMENT), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        [found.row for found in read_instruments(tmp_path / "i.csv", "i.csv")]
    assert said in str(caught.value)
    assert {issue.line for issue in caught.value.issues} == {2}
