from __future__ import annotations

import click
import pytest

from ghg.commands.running import show
from ghg.reports.documents import IssuesDocument


@pytest.mark.parametrize(("form", "said"), [("text", "words\n"), ("csv", "a,b\n"), ("json", '{\n  "issues": []\n}\n')])
def test_a_result_is_printed_in_one_form(capsys: pytest.CaptureFixture[str], form: str, said: str) -> None:
    show(form, lambda: "words\n", lambda: IssuesDocument(issues=[]), lambda: "a,b\n")
    assert capsys.readouterr().out == said


def test_a_command_that_takes_an_inventory_shows_it_in_its_help() -> None:
    from ghg.cli import ghg

    assert "INVENTORY" in ghg.commands["run"].get_help(click.Context(ghg.commands["run"]))
