"""Scope 3 category 15: investments by asset class, with attribution and data-quality score (PCAF)."""

from __future__ import annotations

from ghg.methods.declaration import NUMBER, SHARE, WORD, DataType, Input, Method, Result, given, technical_guidance

PCAF = "PCAF Global GHG Accounting and Reporting Standard, Part A: Financed Emissions (2nd edition, 2022), chapter 5"
SCORE = Input(
    name="data_quality_score", meaning="PCAF data quality score, 1 (best) to 5", dimension=WORD,
    allowed=("1", "2", "3", "4", "5"),
)  # fmt: skip
OUTSTANDING = given("outstanding", "money_*", "amount invested or lent that is outstanding")
VALUE = given(
    "value",
    "money_*",
    "enterprise value including cash, or equity and debt; the property or vehicle at origination; all of the project",
)


def _attributed(
    variant: str, title: str, source: tuple[Input, str, str, Result], section: str, data: DataType
) -> Method:
    """A PCAF method: attribution factor × what the borrower or investee emits or does."""
    what, formula, canonical, result = source
    return Method(
        id=f"investments.{variant}", title=title, inputs=(OUTSTANDING, VALUE, what, SCORE),
        formula=f"outstanding ÷ value × {formula}", canonical=canonical, result=result, data_type=data,
        standard=f"{PCAF}, {section}",
    )  # fmt: skip


EMISSIONS = (
    given("emissions", "mass", "CO2e of the investee, borrower or project in the period"),
    "emissions",
    "mass",
    Result.EMISSIONS,
)
REVENUE = (given("revenue", "money_*", "revenue of the investee in the period"), "revenue", "money_*", Result.ACTIVITY)
ENERGY = (
    given("energy", "energy", "energy of the building or project in the period"),
    "energy",
    "energy",
    Result.ACTIVITY,
)
AREA = (given("area", "area", "floor area of the building"), "area", "area", Result.ACTIVITY)
DISTANCE = (
    given("distance", "distance", "distance of the vehicle in the period"),
    "distance",
    "distance",
    Result.ACTIVITY,
)
FUEL = (given("fuel", "volume", "fuel of the vehicle in the period"), "fuel", "volume", Result.ACTIVITY)

METHODS = (
    Method(
        id="investments.equity_share", title="emissions of an investee by share of equity",
        inputs=(
            given("emissions", "mass", "CO2e of Scopes 1 and 2 of the investee in the period"),
            given("equity_share", SHARE, "share of equity held"),
        ),
        formula="emissions × equity_share", canonical="mass", result=Result.EMISSIONS, data_type=DataType.PRIMARY,
        standard=technical_guidance(15, "formula 15.1", 142),
    ),
    Method(
        id="investments.equity_average", title="revenue of an investee by share of equity, under a sector factor",
        inputs=(
            given("revenue", "money_*", "revenue of the investee in the period"),
            given("sector_share", SHARE, "share of revenue in the sector whose factor the row takes", default="1"),
            given("equity_share", SHARE, "share of equity held"),
        ),
        formula="revenue × sector_share × equity_share", canonical="money_*", data_type=DataType.AVERAGE,
        standard=technical_guidance(15, "formula 15.2", 144),
    ),
    Method(
        id="investments.project_specific", title="emissions of a project by share of its costs",
        inputs=(
            given("emissions", "mass", "CO2e of Scopes 1 and 2 of the project in the period"),
            given("cost_share", SHARE, "share of all project costs, equity plus debt"),
        ),
        formula="emissions × cost_share", canonical="mass", result=Result.EMISSIONS, data_type=DataType.PRIMARY,
        standard=technical_guidance(15, "formula 15.3", 148),
    ),
    Method(
        id="investments.project_average", title="costs or revenue of a project, under a sector factor",
        inputs=(
            given("project_money", "money_*", "construction costs or revenue of the project in the period"),
            given("cost_share", SHARE, "share of all project costs, equity plus debt"),
        ),
        formula="project_money × cost_share", canonical="money_*", data_type=DataType.AVERAGE,
        standard=technical_guidance(15, "formula 15.4", 150),
    ),
    Method(
        id="investments.project_lifetime", title="emissions of a project over its life, in the year it is financed",
        inputs=(
            given("yearly_emissions", "mass", "projected CO2e of the project in a year"),
            given("lifetime_years", NUMBER, "projected years of operation"),
            given("cost_share", SHARE, "share of all project costs, equity plus debt"),
        ),
        formula="yearly_emissions × lifetime_years × cost_share", canonical="mass", result=Result.EMISSIONS,
        data_type=DataType.AVERAGE, standard=technical_guidance(15, "formula for projected lifetime emissions", 152),
    ),
    _attributed("listed_equity", "listed equity and corporate bonds, emissions stated", EMISSIONS,
                "listed equity and corporate bonds", DataType.PRIMARY),
    _attributed("business_loan", "business loans and unlisted equity, emissions stated", EMISSIONS,
                "business loans and unlisted equity", DataType.PRIMARY),
    _attributed("economic_activity", "equity, bonds and loans by revenue, under a sector factor", REVENUE,
                "listed equity, bonds, business loans", DataType.AVERAGE),
    _attributed("project_finance", "project finance, emissions stated", EMISSIONS, "project finance", DataType.PRIMARY),
    _attributed("project_finance_energy", "project finance by energy", ENERGY, "project finance", DataType.AVERAGE),
    _attributed("real_estate_energy", "commercial real estate and mortgages by energy", ENERGY,
                "commercial real estate; mortgages", DataType.PRIMARY),
    _attributed("real_estate_area", "commercial real estate and mortgages by floor area", AREA,
                "commercial real estate; mortgages", DataType.AVERAGE),
    _attributed("motor_vehicle_distance", "motor vehicle loans by distance", DISTANCE, "motor vehicle loans",
                DataType.AVERAGE),
    _attributed("motor_vehicle_fuel", "motor vehicle loans by fuel", FUEL, "motor vehicle loans", DataType.PRIMARY),
    Method(
        id="investments.sovereign_debt", title="sovereign debt by gross domestic product at purchasing power parity",
        inputs=(
            given("exposure", "money_*", "sovereign debt held"),
            given("gross_domestic_product", "money_*", "gross domestic product at purchasing power"),
            given("emissions", "mass", "CO2e of the country's production in the period"),
            SCORE,
        ),
        formula="exposure ÷ gross_domestic_product × emissions", canonical="mass", result=Result.EMISSIONS,
        data_type=DataType.AVERAGE, standard=f"{PCAF}, sovereign debt",
    ),
)  # fmt: skip
