"""The commands on methods."""

from __future__ import annotations

from click.testing import CliRunner

from ghg.cli import ghg


def test_the_command_prints_one_a_group_or_a_category() -> None:
    runner = CliRunner()
    one = runner.invoke(ghg, ["methods", "fugitive.screening"], standalone_mode=False)
    assert "blank stands for 0 kg" in one.output
    group = runner.invoke(ghg, ["methods", "fugitive", "--format", "csv"], standalone_mode=False)
    assert group.output.count("\nfugitive.") == 7
    category = runner.invoke(ghg, ["methods", "--scope", "3", "--category", "15"], standalone_mode=False)
    assert "investments.sovereign_debt" in category.output
    assert "waste.waste_type" not in category.output
