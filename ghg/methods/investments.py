"""Scope 3 category 15: investments by asset class, with attribution and data-quality score (PCAF)."""

from __future__ import annotations

from ghg.methods.declaration import NUMBER, SHARE, WORD, DataType, Input, Method, Result, given, technical_guidance

PCAF = "PCAF Global GHG Accounting and Reporting Standard, Part A: Financed Emissions (2nd edition, 2022), chapter 5"
LISTED, LOANS, PROJECTS, BUILDINGS, MORTGAGES, VEHICLES, SOVEREIGN = (
    "listed_equity_and_corporate_bonds", "business_loans_and_unlisted_equity", "project_finance",
    "commercial_real_estate", "mortgages", "motor_vehicle_loans", "sovereign_debt",
)  # fmt: skip
PLACES = {
    LISTED: "section 5.1, page 49", LOANS: "section 5.2, page 66", PROJECTS: "section 5.3, page 79",
    BUILDINGS: "section 5.4, page 88", MORTGAGES: "section 5.5, page 94", VEHICLES: "section 5.6, page 101",
    SOVEREIGN: "section 5.7, page 109",
}  # fmt: skip
"""Where the standard treats each of its asset classes."""
NOT_STATED = "not_stated"
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
What = tuple[tuple[Input, ...], str, str, Result]
"""What the borrower or investee emits or does: its inputs, the formula over them, what that measures, what follows."""


def _asset_class(*classes: str) -> Input:
    """The column of the asset class; it stands for itself where the method serves one alone."""
    default = classes[0] if len(classes) == 1 else NOT_STATED
    return Input(
        name="asset_class", meaning="asset class, by which data quality scores are weighted", dimension=WORD,
        allowed=classes if len(classes) == 1 else (*classes, NOT_STATED), default=default,
    )  # fmt: skip


def _attributed(
    variant: str, title: str, what: What, classes: tuple[str, ...], option: str, data: DataType, note: str = ""
) -> Method:
    """A PCAF method: attribution factor × what the borrower or investee emits or does."""
    inputs, formula, canonical, result = what
    return Method(
        id=f"investments.{variant}", title=title, inputs=(OUTSTANDING, VALUE, *inputs, SCORE, _asset_class(*classes)),
        formula=f"outstanding ÷ value × {formula}", canonical=canonical, result=result, data_type=data,
        standard=_standard(option, *classes), note=note, weight="outstanding",
    )  # fmt: skip


def _standard(option: str, *classes: str) -> str:
    """The citation of an option of one or more asset classes."""
    return f"{PCAF}, {'; '.join(PLACES[name] for name in classes)}; {option}"


def _one(name: str, dimension: str, meaning: str) -> What:
    """Activity of one amount, which an emission factor follows."""
    return (given(name, dimension, meaning),), name, dimension, Result.ACTIVITY


EMISSIONS: What = (
    (given("emissions", "mass", "CO2e of the investee, borrower or project in the period"),),
    "emissions",
    "mass",
    Result.EMISSIONS,
)
REVENUE = _one("revenue", "money_*", "revenue of the investee in the period")
ACTIVITY = _one("activity_amount", "*", "energy or fuel consumed, or goods produced, in the period")
ENERGY = _one("energy", "energy*", "energy of the building or project in the period")
AREA = _one("area", "area", "floor area of the building")
AREA_ENERGY: What = (
    (AREA[0][0], given("energy_per_area", "energy*", "energy of a floor area in the period", per="area")),
    "area × energy_per_area",
    "energy*",
    Result.ACTIVITY,
)
NUMBER_OF = _one("buildings", "count", "number of buildings, such as 1 item")
DISTANCE = _one("distance", "distance", "distance of the vehicle in the period")
FUEL = _one("fuel", "*", "fuel or electricity of the vehicle in the period")
EFFICIENCY: What = (
    (DISTANCE[0][0], given("fuel_consumption", "*", "consumption of the vehicle", per="distance")),
    "distance × fuel_consumption",
    "*",
    Result.ACTIVITY,
)
COMPANIES = (LISTED, LOANS)

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
    Method(
        id="investments.attributed_emissions", title="emissions stated, by an attribution factor that is known",
        inputs=(
            EMISSIONS[0][0],
            given("attribution_factor", SHARE, "outstanding amount per value, as stated"),
            SCORE,
            _asset_class(*COMPANIES, PROJECTS, BUILDINGS, MORTGAGES, VEHICLES, SOVEREIGN),
        ),
        formula="emissions × attribution_factor", canonical="mass", result=Result.EMISSIONS,
        data_type=DataType.PRIMARY, standard=f"{PCAF}, {PLACES[LISTED]}; tables 5-4 and 5-5",
        note="Scopes 1 and 2 and Scope 3 of investees are reported apart: state them in rows of their own.",
    ),
    _attributed("listed_equity", "listed equity and corporate bonds, emissions stated", EMISSIONS, (LISTED,),
                "options 1a and 1b (scores 1 and 2)", DataType.PRIMARY),
    _attributed("business_loan", "business loans and unlisted equity, emissions stated", EMISSIONS, (LOANS,),
                "options 1a and 1b (scores 1 and 2)", DataType.PRIMARY),
    _attributed("physical_activity", "equity, bonds and loans by energy or production of the company", ACTIVITY,
                COMPANIES, "options 2a and 2b (scores 2 and 3)", DataType.PRIMARY),
    _attributed("economic_activity", "equity, bonds, loans and projects by revenue, under a sector factor", REVENUE,
                (*COMPANIES, PROJECTS), "option 3a (score 4)", DataType.AVERAGE),
    Method(
        id="investments.sector_assets", title="equity, bonds, loans and projects under a sector factor per asset",
        inputs=(OUTSTANDING, SCORE, _asset_class(*COMPANIES, PROJECTS)), formula="outstanding", canonical="money_*",
        weight="outstanding",
        data_type=DataType.AVERAGE, standard=_standard("option 3b (score 5)", *COMPANIES, PROJECTS),
        note="Neither value nor revenue of the company is known: nothing is attributed.",
    ),
    Method(
        id="investments.sector_revenue",
        title="equity, bonds, loans and projects under a sector factor per revenue and the sector's asset turnover",
        inputs=(
            OUTSTANDING,
            given("asset_turnover", NUMBER, "revenue of the sector per its assets"),
            SCORE,
            _asset_class(*COMPANIES, PROJECTS),
        ),
        formula="outstanding × asset_turnover", canonical="money_*", data_type=DataType.AVERAGE,
        weight="outstanding",
        standard=_standard("option 3c (score 5)", *COMPANIES, PROJECTS),
    ),
    _attributed("project_finance", "project finance, emissions stated", EMISSIONS, (PROJECTS,),
                "options 1a and 1b (scores 1 and 2)", DataType.PRIMARY),
    _attributed("project_finance_energy", "project finance by energy", ENERGY, (PROJECTS,),
                "option 2a (score 2)", DataType.PRIMARY),
    _attributed("project_finance_activity", "project finance by energy, fuel or production of the project", ACTIVITY,
                (PROJECTS,), "options 2a and 2b (scores 2 and 3)", DataType.PRIMARY),
    _attributed("real_estate_energy", "commercial real estate and mortgages by energy", ENERGY, (BUILDINGS, MORTGAGES),
                "options 1a and 1b (scores 1 and 2)", DataType.PRIMARY),
    _attributed("real_estate_area", "commercial real estate and mortgages by floor area", AREA, (BUILDINGS, MORTGAGES),
                "option 2 (scores 3 and 4)", DataType.AVERAGE),
    _attributed("real_estate_area_energy", "commercial real estate and mortgages by floor area and energy per area",
                AREA_ENERGY, (BUILDINGS, MORTGAGES), "options 2a and 2b (scores 3 and 4)", DataType.AVERAGE),
    _attributed("real_estate_number", "commercial real estate and mortgages by number of buildings", NUMBER_OF,
                (BUILDINGS, MORTGAGES), "option 3 (score 5)", DataType.AVERAGE),
    _attributed("motor_vehicle_distance", "motor vehicle loans by distance", DISTANCE, (VEHICLES,),
                "options 1b to 3b (scores 1 to 5)", DataType.AVERAGE),
    _attributed("motor_vehicle_efficiency", "motor vehicle loans by distance and consumption per distance", EFFICIENCY,
                (VEHICLES,), "options 1b to 3b (scores 1 to 5)", DataType.AVERAGE),
    _attributed("motor_vehicle_fuel", "motor vehicle loans by fuel", FUEL, (VEHICLES,), "option 1a (score 1)",
                DataType.PRIMARY),
    Method(
        id="investments.sovereign_debt", title="sovereign debt by gross domestic product at purchasing power parity",
        inputs=(
            given("exposure", "money_*", "sovereign debt held"),
            given("gross_domestic_product", "money_*", "gross domestic product at purchasing power"),
            given("emissions", "mass", "CO2e of the country's production in the period"),
            SCORE,
            _asset_class(SOVEREIGN),
        ),
        formula="exposure ÷ gross_domestic_product × emissions", canonical="mass", result=Result.EMISSIONS,
        weight="exposure",
        data_type=DataType.AVERAGE, standard=_standard("options 1a and 1b (scores 1 and 2)", SOVEREIGN),
        note="State by the item whether emissions of land use are in or out, and report both where both are known.",
    ),
)  # fmt: skip
