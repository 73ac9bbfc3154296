"""The laws of greenhouse gas accounting, each a statement and a way to break it; ``law.check(pipeline)`` tries one."""

from __future__ import annotations

from ghg.testing import laws_of_measures, laws_of_results, laws_of_rows
from ghg.testing.law import Law

LAWS: tuple[Law, ...] = (
    laws_of_rows.additivity,
    laws_of_rows.linearity,
    laws_of_rows.unit_invariance,
    laws_of_rows.many_rows,
    laws_of_rows.permutation,
    laws_of_rows.same_digits,
    laws_of_rows.split_and_merge,
    laws_of_rows.zero_is_an_amount,
    laws_of_rows.missing_is_not_zero,
    laws_of_rows.no_number_no_total,
    laws_of_rows.units_count,
    laws_of_rows.no_factor_no_total,
    laws_of_rows.zero_factor,
    laws_of_rows.factor_linearity,
    laws_of_rows.corrections,
    laws_of_measures.published_units,
    laws_of_measures.published_gwps,
    laws_of_measures.amount_times_factor,
    laws_of_measures.large_and_small,
    laws_of_results.footing,
    laws_of_measures.parts_stand_alone,
    laws_of_measures.scopes,
    laws_of_results.gwp_leaves_masses,
    laws_of_results.gwp_once,
    laws_of_results.nothing_lost,
    laws_of_results.trace,
    laws_of_results.what_if,
    laws_of_results.engines_agree,
    laws_of_results.bridge,
    laws_of_results.uncertainty_of_a_split_row,
    laws_of_results.uncertainty_scales,
    laws_of_results.certificate_conservation,
    laws_of_results.instruments_count_once,
    laws_of_results.round_trip,
    laws_of_measures.printed_digits,
)
"""Every law, in the order of a report."""
