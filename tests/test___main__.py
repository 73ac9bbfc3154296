"""The command line as a module."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["ghg", "ghg.cli"])
def test_the_command_line_starts_as_a_module(module: str) -> None:
    command = [sys.executable, "-m", module, "units", "MWh"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "MWh: measures energy; 1 MWh = 3600 MJ\n")
