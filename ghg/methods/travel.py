"""Scope 3 categories 6 and 7: business travel, hotel nights, commuting and teleworking."""

from __future__ import annotations

from ghg.methods.declaration import NUMBER, SHARE, WORD, DataType, Method, amount, aside, given, technical_guidance
from ghg.methods.sampling import Sampling

FUEL = technical_guidance("6 (and 7)", "fuel-based method, as formula 4.1", "83 and 88")
DISTANCE = technical_guidance(6, "formula 6.1", 84)
SPEND = technical_guidance(6, "spend-based method", 86)
COMMUTING = technical_guidance(7, "formula 7.1", 89)
AVERAGE = technical_guidance(7, "formula 7.2", 92)
SAMPLED = f"{COMMUTING}; sampling as in appendix A, page 153 and following"
EITHER = "distance passenger_distance"
"""Formulas 7.1 and 7.2 take vehicle-km or passenger-km, as the factor is per one or the other."""
SHARING = given("occupancy", NUMBER, "people who share the vehicle, where the factor is per vehicle", default="1")
PER_PASSENGER = "Write the distance in km for a factor per vehicle, in passenger_km for a factor per passenger."


def _fuel_spend(group: str, what: str) -> Method:
    """Fuel by what was paid for it, as formula 4.2 has it for transport."""
    return Method(
        id=f"{group}.fuel_spend", title=f"{what} by what was paid for fuel",
        inputs=(
            given("fuel_spend", "money_*", "amount paid or reimbursed for fuel"),
            given("fuel_price", "money_*", "average price of the fuel", per="*"),
        ),
        formula="fuel_spend ÷ fuel_price", canonical="*", data_type=DataType.SPEND,
        standard=f"{FUEL}; spend as in formula 4.2, page 54",
    )  # fmt: skip


METHODS = (
    _fuel_spend("business_travel", "business travel"),
    _fuel_spend("employee_commuting", "commuting"),
    Method(
        id="business_travel.fuel_based", title="business travel by fuel or electricity consumed",
        inputs=amount("fuel or energy consumed", "*"), formula="amount", canonical="*", data_type=DataType.PRIMARY,
        standard=FUEL,
    ),
    Method(
        id="business_travel.distance_based", title="business travel by distance and mode",
        inputs=amount("passenger distance", "passenger_distance"), formula="amount", canonical="passenger_distance",
        data_type=DataType.AVERAGE, standard=DISTANCE,
        note="Class, haul and radiative forcing are part of the factor: name them in item and selection.",
    ),
    Method(
        id="business_travel.vehicle_distance", title="business travel by distance of the vehicle",
        inputs=amount("vehicle distance", "distance"), formula="amount", canonical="distance",
        data_type=DataType.AVERAGE, standard=DISTANCE,
    ),
    Method(
        id="business_travel.trips", title="business travel by travellers, trips and distance",
        inputs=(
            given("travellers", "headcount", "how many people travelled"),
            given("trips", NUMBER, "trips of each; a return journey is two", default="1"),
            given("distance", "distance", "distance of one trip"),
        ),
        formula="travellers × trips × distance", canonical="passenger_distance", data_type=DataType.AVERAGE,
        standard=DISTANCE,
    ),
    Method(
        id="business_travel.shared_vehicles", title="business travel in shared vehicles, by travellers and occupancy",
        inputs=(
            given("travellers", "headcount", "how many people travelled"),
            given("occupancy", "headcount", "people in one vehicle"),
            given("trips", NUMBER, "trips of each; a return journey is two", default="1"),
            given("distance", "distance", "distance of one trip"),
        ),
        formula="travellers ÷ occupancy × trips × distance", canonical="distance", data_type=DataType.AVERAGE,
        standard=DISTANCE,
    ),
    Method(
        id="business_travel.spend_based", title="business travel by what was paid for it",
        inputs=amount("amount spent", "money_*"), formula="amount", canonical="money_*", data_type=DataType.SPEND,
        standard=SPEND,
    ),
    Method(
        id="business_travel.distance_from_spend", title="business travel by spend and the distance money buys",
        inputs=(
            given("spend", "money_*", "amount paid or reimbursed"),
            given("distance_per_money", "distance", "distance paid for by one unit of money", per="money_*"),
        ),
        formula="spend × distance_per_money", canonical="distance", data_type=DataType.SPEND, standard=SPEND,
    ),
    Method(
        id="business_travel.hotel_nights", title="hotel stays by room nights",
        inputs=amount("room nights", "room_night"), formula="amount", canonical="room_night",
        data_type=DataType.AVERAGE, standard=DISTANCE,
    ),
    Method(
        id="employee_commuting.fuel_based", title="commuting by fuel or electricity consumed",
        inputs=amount("fuel or energy consumed", "*"), formula="amount", canonical="*", data_type=DataType.PRIMARY,
        standard=FUEL,
    ),
    Method(
        id="employee_commuting.distance_based", title="commuting by vehicle distance and mode",
        inputs=amount("vehicle distance", "distance"), formula="amount", canonical="distance",
        data_type=DataType.AVERAGE, standard=COMMUTING,
    ),
    Method(
        id="employee_commuting.passenger_distance", title="commuting by passenger distance and mode",
        inputs=amount("passenger distance", "passenger_distance"), formula="amount", canonical="passenger_distance",
        data_type=DataType.AVERAGE, standard=COMMUTING,
    ),
    Method(
        id="employee_commuting.journeys", title="commuting of employees who stated their journeys",
        inputs=(
            given("employees", NUMBER, "how many commute like this", default="1"),
            given("one_way_distance", EITHER, "distance between home and work"),
            given("days_per_week", NUMBER, "days a week with this mode"),
            given("weeks", NUMBER, "weeks worked in the period"),
            SHARING,
        ),
        formula="employees × one_way_distance × 2 × days_per_week × weeks ÷ occupancy", canonical=EITHER,
        data_type=DataType.PRIMARY, standard=COMMUTING, note=PER_PASSENGER,
    ),
    Method(
        id="employee_commuting.average_data", title="commuting by employees, share of a mode and average distance",
        inputs=(
            given("employees", NUMBER, "employees of the organisation"),
            given("mode_share", SHARE, "share that uses the mode whose factor the row takes"),
            given("one_way_distance", EITHER, "average distance between home and work"),
            given("working_days", NUMBER, "days a year an employee commutes"),
            SHARING,
        ),
        formula="employees × mode_share × one_way_distance × 2 × working_days ÷ occupancy", canonical=EITHER,
        data_type=DataType.AVERAGE, standard=AVERAGE, note=PER_PASSENGER,
    ),
    Method(
        id="employee_commuting.distance_per_head", title="commuting by employees and their average distance",
        inputs=(
            given("employees", NUMBER, "employees of the organisation"),
            given("distance_per_employee", EITHER, "average distance of one employee in the period"),
        ),
        formula="employees × distance_per_employee", canonical=EITHER, data_type=DataType.AVERAGE, standard=AVERAGE,
        note=PER_PASSENGER,
    ),
    Method(
        id="employee_commuting.survey", title="commuting extrapolated from a survey of a sample",
        inputs=(
            given("sample_distance", EITHER, "distance of all answers for this mode in the period"),
            given("answers", NUMBER, "employees who answered, whatever their mode"),
            given("employees", NUMBER, "employees of the organisation"),
            aside("standard_deviation", EITHER, "standard deviation of the distance of one answer: the sampling error "
                  "follows from it"),
            given("sampling_error", WORD, "relative half-width of the 95 % interval, where somebody else worked it out",
                  default="not stated"),
            given("survey", WORD, "which survey, and how it was sampled"),
        ),
        formula="sample_distance ÷ answers × employees", canonical=EITHER,
        data_type=DataType.AVERAGE, standard=SAMPLED, note=PER_PASSENGER,
        sampling=Sampling(
            sample="answers", population="employees", total="sample_distance", deviation="standard_deviation"
        ),
    ),
    Method(
        id="employee_commuting.survey_share", title="commuting by the share of a mode among the answers of a survey",
        inputs=(
            given("users", NUMBER, "answers that named the mode whose factor the row takes"),
            given("answers", NUMBER, "employees who answered, whatever their mode"),
            given("employees", NUMBER, "employees of the organisation"),
            given("one_way_distance", EITHER, "average distance between home and work"),
            given("working_days", NUMBER, "days a year an employee commutes"),
            given("survey", WORD, "which survey, and how it was sampled"),
        ),
        formula="users ÷ answers × employees × one_way_distance × 2 × working_days", canonical=EITHER,
        data_type=DataType.AVERAGE, standard=SAMPLED, note=PER_PASSENGER,
        sampling=Sampling(sample="answers", population="employees", successes="users"),
    ),
    Method(
        id="employee_commuting.spend_based", title="commuting by what was paid for it",
        inputs=amount("amount spent", "money_*"), formula="amount", canonical="money_*", data_type=DataType.SPEND,
        standard=f"{FUEL}; spend as in formula 4.2, page 54",
    ),
    Method(
        id="employee_commuting.teleworking_hours", title="teleworking by hours worked at home",
        inputs=amount("hours worked at home", "working_hour"), formula="amount", canonical="working_hour",
        data_type=DataType.AVERAGE, standard=COMMUTING,
    ),
    Method(
        id="employee_commuting.teleworking_days", title="teleworking by employees, days at home and hours a day",
        inputs=(
            given("employees", "headcount", "employees who work at home"),
            given("days", NUMBER, "days each works at home in the period"),
            given("hours_per_day", "time", "hours of a working day"),
        ),
        formula="employees × days × hours_per_day", canonical="working_hour", data_type=DataType.AVERAGE,
        standard=COMMUTING,
    ),
    Method(
        id="employee_commuting.teleworking_energy", title="teleworking by additional energy used at home",
        inputs=(
            given("employees", NUMBER, "employees who work at home"),
            given("days", NUMBER, "days each works at home in the period"),
            given("energy_per_day", "energy*", "energy of a day at home beyond what would be used anyway"),
        ),
        formula="employees × days × energy_per_day", canonical="energy*", data_type=DataType.AVERAGE,
        standard=COMMUTING,
    ),
)  # fmt: skip
