"""Where the shipped files are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghg import bundle

SHIPPED = "scenarios/kingsoft-cloud/2024.yaml"


@pytest.mark.parametrize(("name", "file"), [("factors", "sources.yaml"), ("scenarios", "kingsoft-cloud/2024.yaml")])
def test_the_shipped_folders_hold_their_files(name: str, file: str) -> None:
    assert (bundle.folder(name) / file).is_file()


def test_an_installed_copy_reads_the_folder_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "PACKAGE", tmp_path / "ghg")
    assert bundle.folder("factors") == tmp_path / "factors"
    (tmp_path / "ghg" / "bundled" / "factors").mkdir(parents=True)
    assert bundle.folder("factors") == tmp_path / "ghg" / "bundled" / "factors"


def test_a_shipped_scenario_is_found_from_any_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert bundle.find(SHIPPED) == (bundle.folder("scenarios") / "kingsoft-cloud/2024.yaml", True)


def test_a_file_of_the_user_wins_over_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = Path(SHIPPED)
    own.parent.mkdir(parents=True)
    own.touch()
    assert bundle.find(SHIPPED) == (own, False)


@pytest.mark.parametrize("name", ["2024.yaml", "scenarios/none.yaml", "kingsoft-cloud/2024.yaml", "/scenarios/x.yaml"])
def test_a_path_that_is_no_shipped_scenario_is_taken_as_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bundle.find(name) == (Path(name), False)
