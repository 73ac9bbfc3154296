"""Scope 3 categories 8, 13 and 14: leased assets, both ways, and franchises. One set of methods, declared for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ghg.methods.declaration import NUMBER, SHARE, DataType, Method, Result, amount, aside, given, technical_guidance
from ghg.methods.sampling import Sampling


class _Category(NamedTuple):
    """What differs between the three categories.

    ``specific``, ``shared``, ``floor`` and ``number`` cite the asset-specific, shared-building and average methods;
    ``stated`` is who states emissions of its own.
    """

    group: str
    asset: str
    stated: str
    specific: str
    shared: str
    floor: str
    number: str


def _assets(category: _Category) -> tuple[Method, ...]:
    """The methods of one category."""
    return (*_metered(category), *_shared(category), *_estimated(category))


def _metered(category: _Category) -> Iterator[Method]:
    """Energy, fuel and gases that are metered, or emissions that somebody states."""
    group, asset, stated = category.group, category.asset, category.stated
    yield Method(
        id=f"{group}.asset_specific",
        title=f"energy of {asset}",
        inputs=amount(f"energy of {asset}", "energy"),
        formula="amount",
        canonical="energy",
        data_type=DataType.PRIMARY,
        standard=category.specific,
    )
    yield Method(
        id=f"{group}.fuel",
        title=f"fuel of {asset}",
        inputs=amount(f"fuel of {asset}", "*"),
        formula="amount",
        canonical="*",
        data_type=DataType.PRIMARY,
        standard=category.specific,
    )
    yield Method(
        id=f"{group}.leakage",
        title=f"refrigerant that leaked from {asset}",
        inputs=amount("mass of gas that leaked", "mass"),
        formula="amount",
        canonical="mass",
        result=Result.GAS,
        data_type=DataType.PRIMARY,
        standard=category.specific,
    )
    yield Method(
        id=f"{group}.stated_emissions",
        title=f"emissions {stated} states for {asset}",
        inputs=amount(f"mass of CO2e {stated} states", "mass"),
        formula="amount",
        canonical="mass",
        result=Result.EMISSIONS,
        data_type=DataType.PRIMARY,
        standard=category.specific,
    )


def _shared(category: _Category) -> Iterator[Method]:
    """A part of what a building or a group consumed or emitted."""
    group, asset, stated = category.group, category.asset, category.stated
    yield Method(
        id=f"{group}.floor_share",
        title=f"energy, fuel or leakage of a building that is not sub-metered, as the share of {asset}",
        inputs=(
            given("building_quantity", "*", "energy or fuel the whole building consumed, or gas that leaked"),
            given("own_area", "area", "area used"),
            given("building_area", "area", "area of the building"),
            given("occupancy", SHARE, "share of the building that is occupied", default="1"),
        ),
        formula="building_quantity × own_area ÷ (building_area × occupancy)",
        canonical="*",
        data_type=DataType.PRIMARY,
        standard=category.shared,
    )
    yield Method(
        id=f"{group}.leakage_share",
        title=f"refrigerant of a building as the share of {asset}",
        inputs=(
            given("building_leakage", "mass", "mass of the gas that leaked in the whole building"),
            given("own_area", "area", "area used"),
            given("building_area", "area", "area of the building"),
            given("occupancy", SHARE, "share of the building that is occupied", default="1"),
        ),
        formula="building_leakage × own_area ÷ (building_area × occupancy)",
        canonical="mass",
        result=Result.GAS,
        data_type=DataType.PRIMARY,
        standard=category.shared,
    )
    yield Method(
        id=f"{group}.allocated_emissions",
        title=f"emissions {stated} states, allocated by area, volume or number",
        inputs=(
            given("total_emissions", "mass", f"CO2e {stated} states"),
            given("own_quantity", "*", "area, volume or number of the part concerned"),
            given("total_quantity", "*", "all of it, in the same measure"),
        ),
        formula="total_emissions × own_quantity ÷ total_quantity",
        canonical="mass",
        result=Result.EMISSIONS,
        data_type=DataType.PRIMARY,
        standard=category.shared,
    )


def _estimated(category: _Category) -> Iterator[Method]:
    """Average factors, and extrapolation from a sample."""
    group, asset = category.group, category.asset
    yield Method(
        id=f"{group}.average_floor",
        title=f"{asset} by floor area, under an average factor a year",
        inputs=amount("floor area", "area"),
        formula="amount",
        canonical="area",
        data_type=DataType.AVERAGE,
        standard=category.floor,
    )
    yield Method(
        id=f"{group}.average_number",
        title=f"{asset} by number, under an average factor a year",
        inputs=amount("number", "count"),
        formula="amount",
        canonical="count",
        data_type=DataType.AVERAGE,
        standard=category.number,
    )
    yield Method(
        id=f"{group}.sample",
        title=f"emissions of {asset} extrapolated from a sample of the same group",
        inputs=(
            given("sample_emissions", "mass", "CO2e of all sampled"),
            given("sampled", NUMBER, "how many were sampled"),
            given("total", NUMBER, "how many the group has"),
            aside("standard_deviation", "mass", "standard deviation of the emissions of one, for the sampling error"),
        ),
        formula="sample_emissions ÷ sampled × total",
        canonical="mass",
        result=Result.EMISSIONS,
        data_type=DataType.AVERAGE,
        standard=technical_guidance(14, "formula 14.3", 133),
        sampling=Sampling(
            sample="sampled", population="total", total="sample_emissions", deviation="standard_deviation"
        ),
    )


METHODS = (
    *_assets(_Category(
        "upstream_leased_assets", "leased assets", "the lessor",
        technical_guidance(8, "formulas 8.1 and 8.3", "96 and 100"),
        technical_guidance(8, "formula 8.2", 97), technical_guidance(8, "formula 8.4", 101),
        technical_guidance(8, "formula 8.5", 101),
    )),
    *_assets(_Category(
        "downstream_leased_assets", "assets leased to others", "the lessee",
        technical_guidance("13 (as chapter 8)", "formula 8.1", 96), technical_guidance(13, "example 13.1", 129),
        technical_guidance("13 (as chapter 8)", "formula 8.4", 101),
        technical_guidance("13 (as chapter 8)", "formula 8.5", 101),
    )),
    *_assets(_Category(
        "franchises", "franchises", "the franchisee", technical_guidance(14, "formula 14.1", 132),
        technical_guidance(14, "formula 14.2", 132), technical_guidance(14, "formula 14.4", 134),
        technical_guidance(14, "formula 14.5", 135),
    )),
)  # fmt: skip
