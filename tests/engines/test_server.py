"""A table of a real PostgreSQL server, started here: the figures of its rows as text, and its own keys in problems."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ghg
from ghg.engines.server import Snapshots, is_on_server, table_name
from ghg.issues import GhgError, InputError
from ghg.verification import verify
from tests.engines.servers import connect, postgresql
from tests.engines.test_delimited import INVENTORY

TABLE = """
CREATE TABLE {} (id {} , entity text, activity text, region char(5), start date, "end" timestamp, amount {},
unit varchar(20), provenance text, note text)
"""
ROW = (
    "INSERT INTO {} VALUES ({}, 'e', 'purchased_electricity', 'CN', '2022-01-01', '2022-12-31', {}, {}, 'measured', {})"
)
AMOUNTS = ("107415.86", "0.1", "12345678901.123456", "0.0000005")
CSV = "id,entity,activity,region,start,end,amount,unit,provenance\n"


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgresql() as at:
        yield at


@pytest.fixture
def at(server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection to an empty schema ``ledger``, and the environment that leads there."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    connection = connect(server)
    connection.execute("DROP SCHEMA IF EXISTS ledger CASCADE; CREATE SCHEMA ledger")
    yield connection
    connection.close()


def made(at: Any, table: str = "ledger.rows", id_type: str = "text", amount: str = "numeric") -> None:
    """A table of sound rows, one of AMOUNTS each; the last inserted first."""
    at.execute(TABLE.format(table, id_type, amount))
    for n, cell in reversed(list(enumerate(AMOUNTS))):
        name = str(n) if "int" in id_type else f"'r{n}'"
        at.execute(ROW.format(table, name, cell, "'MWh'", "NULL"))


def inventory(folder: Path, table: str = "postgresql#ledger.rows") -> Path:
    path = folder / "inventory.yaml"
    path.write_text(INVENTORY.replace("rows.csv", table), encoding="utf-8")
    return path


def as_csv(folder: Path, amounts: tuple[str, ...] = AMOUNTS) -> ghg.Run:
    lines = "".join(f"r{n},e,purchased_electricity,CN,2022-01-01,2022-12-31,{cell},MWh,measured\n"
                    for n, cell in enumerate(amounts))  # fmt: skip
    (folder / "rows.csv").write_text(CSV + lines, encoding="utf-8")
    return ghg.run(inventory(folder, "rows.csv"))


@pytest.mark.parametrize(("id_type", "amount"), [("text", "numeric"), ("bigint PRIMARY KEY", "text")])
def test_a_table_gives_the_digits_of_its_rows_as_text(tmp_path: Path, at: Any, id_type: str, amount: str) -> None:
    made(at, id_type=id_type, amount=amount)
    one, two = ghg.run(inventory(tmp_path)), as_csv(tmp_path)
    assert one.result.digest == two.result.digest
    assert one.balance.lines == two.balance.lines
    assert [issue.rule for issue in one.issues if issue.rule == "number-quantised"]
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("amount", "digits"), [("numeric(20, 3)", 3), ("bigint", 0), ("double precision", 6), ("real", 1)]
)
def test_numbers_are_read_by_their_type(tmp_path: Path, at: Any, amount: str, digits: int) -> None:
    at.execute(TABLE.format("ledger.rows", "text", amount))
    at.execute(ROW.format("ledger.rows", "'a'", "'12.5'" if digits else "'12'", "'MWh'", "NULL"))
    run = ghg.run(inventory(tmp_path))
    (line,) = run.balance.lines
    assert (line.amount, line.width) == (12_500_000 if digits else 12_000_000, 10 ** (6 - digits))
    run.close()


def test_views_and_partitioned_tables_are_tables_too(tmp_path: Path, at: Any) -> None:
    made(at)
    at.execute("CREATE VIEW ledger.seen AS SELECT * FROM ledger.rows")
    at.execute("CREATE TABLE ledger.parts (LIKE ledger.rows) PARTITION BY LIST (entity)")
    at.execute("CREATE TABLE ledger.part PARTITION OF ledger.parts FOR VALUES IN ('e')")
    at.execute("INSERT INTO ledger.parts SELECT * FROM ledger.rows")
    digests = set()
    for name in ("rows", "seen", "parts"):
        run = ghg.run(inventory(tmp_path, f"postgresql#ledger.{name}"))
        digests.add(run.result.digest)
        run.close()
    assert len(digests) == 1


def test_a_bad_row_is_named_by_its_id_and_place(tmp_path: Path, at: Any) -> None:
    made(at)
    at.execute(ROW.format("ledger.rows", "'bad'", "3", "'ton'", "'two\r\nlines, \"quoted\"'"))
    at.execute(ROW.format("ledger.rows", "NULL", "'NaN'", "'MWh'", "NULL"))
    at.execute(ROW.format("ledger.rows", "'r1'", "4", "'MWh'", "NULL"))
    with pytest.raises(InputError) as caught:
        ghg.run(inventory(tmp_path))
    assert {(issue.place, issue.rule) for issue in caught.value.issues} == {
        ("postgresql#ledger.rows: id bad, ctid (0,5): unit", "unit-ambiguous"),
        ("postgresql#ledger.rows: ctid (0,6): id", "value-missing"),
        ("postgresql#ledger.rows: ctid (0,6): amount", "number-not-finite"),
        ("postgresql#ledger.rows: id r1, ctid (0,7): id", "id-duplicate"),
    }
    at.execute("UPDATE ledger.rows SET note = NULL WHERE id = 'bad'")
    with pytest.raises(InputError, match=r"postgresql#ledger.rows: id bad, ctid \(0,8\): unit: the unit 'ton'"):
        ghg.run(inventory(tmp_path))


def test_columns_that_leave_their_cells_open_are_refused(tmp_path: Path, at: Any) -> None:
    made(at)
    at.execute("ALTER TABLE ledger.rows ADD site json, ADD colour text, DROP unit, ALTER amount TYPE money")
    with pytest.raises(InputError) as caught:
        ghg.run(inventory(tmp_path))
    assert {(issue.rule, issue.column) for issue in caught.value.issues} == {
        ("column-type", "amount"), ("column-type", "site"), ("column-unknown", "colour"), ("column-missing", "unit"),
    }  # fmt: skip


def test_rows_of_two_tables_are_of_one_moment(tmp_path: Path, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made(at)
    made(at, "ledger.more", id_type="bigint")
    taken = Snapshots.of

    def after(self: Snapshots, service: str) -> Any:
        is_first = not self._open
        found = taken(self, service)
        if not is_first:
            at.execute("UPDATE ledger.more SET amount = 0")
        return found

    before = ghg.run(inventory(tmp_path, "postgresql#ledger.rows, postgresql#ledger.more"))
    monkeypatch.setattr(Snapshots, "of", after)
    run = ghg.run(inventory(tmp_path, "postgresql#ledger.rows, postgresql#ledger.more"))
    assert run.result.digest == before.result.digest
    assert at.execute("SELECT max(amount) FROM ledger.more").fetchone() == (0,)
    before.close()
    run.close()


def test_a_service_names_the_database(tmp_path: Path, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made(at)
    (tmp_path / "services.conf").write_text(
        f"[books]\nhost={at.info.host}\nuser=ghg\ndbname=postgres\npassword=nobody-sees-this\n", encoding="utf-8"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services.conf"))
    for name in ("PGHOST", "PGDATABASE", "PGUSER"):
        monkeypatch.delenv(name)
    with ghg_run(inventory(tmp_path, "postgresql:books#ledger.rows")) as run:
        folder = run.save(tmp_path / "evidence")
    assert not any("nobody-sees-this" in path.read_text(encoding="utf-8") for path in folder.iterdir())
    with pytest.raises(InputError) as caught:
        ghg.run(inventory(tmp_path, "postgresql:elsewhere#ledger.rows"))
    assert [issue.rule for issue in caught.value.issues] == ["database-unreadable"]


class ghg_run:  # noqa: N801
    """A run that is closed again."""

    def __init__(self, path: Path) -> None:
        self.run = ghg.run(path)

    def __enter__(self) -> ghg.Run:
        return self.run

    def __exit__(self, *_: object) -> None:
        self.run.close()


def test_evidence_holds_the_checksum_of_the_rows(tmp_path: Path, at: Any) -> None:
    made(at)
    with ghg_run(inventory(tmp_path)) as run:
        folder = run.save(tmp_path / "evidence")
    at.execute("ALTER TABLE ledger.rows ADD spare int; ALTER TABLE ledger.rows DROP spare")
    at.execute("UPDATE ledger.rows SET id = id")
    assert verify(folder, tmp_path / "inventory.yaml").verified
    at.execute("UPDATE ledger.rows SET note = 'changed' WHERE id = 'r2'")
    found = verify(folder, tmp_path / "inventory.yaml")
    changed = next(one for one in found.findings if one.status != "unchanged")
    assert (changed.part, changed.name) == ("input", "postgresql#ledger.rows")


def test_what_cannot_be_read_is_said(tmp_path: Path, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r'no table "ledger"."nothing" is there\. \[database-unreadable\]'):
        ghg.run(inventory(tmp_path, "postgresql#ledger.nothing"))
    made(at)
    at.execute("CREATE ROLE IF_NOT LOGIN; GRANT USAGE ON SCHEMA ledger TO if_not")
    try:
        monkeypatch.setenv("PGUSER", "if_not")
        with pytest.raises(InputError, match=r"permission denied for table rows \[database-unreadable\]"):
            ghg.run(inventory(tmp_path))
    finally:
        at.execute("DROP OWNED BY if_not; DROP ROLE if_not")
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with pytest.raises(InputError, match="database-unreadable"):
        ghg.run(inventory(tmp_path))


def test_an_inventory_holds_no_password(tmp_path: Path) -> None:
    for entry in (
        "postgresql://me:secret@host/books#rows", "postgresql:host=h password=secret#rows",
        "postgresql#a.b.c?password = secret",
    ):  # fmt: skip
        with pytest.raises(InputError) as caught:
            ghg.run(inventory(tmp_path, f'"{entry}"'))
        assert "secret" not in str(caught.value)
        assert "postgresql:service#schema.table" in str(caught.value)
    assert table_name("rows/postgres.csv") == "rows/postgres.csv"
    assert is_on_server("postgresql:a-b.c#s.t")
    assert not is_on_server("rows.duckdb#t")


def test_without_the_driver_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(GhgError, match=r"pip install 'ghg\[postgresql\]'"):
        ghg.run(inventory(tmp_path))


def test_the_command_line_tells_it_too(tmp_path: Path, at: Any) -> None:
    made(at)
    at.execute(ROW.format("ledger.rows", "'bad'", "3", "'ton'", "NULL"))
    done = subprocess.run(
        [sys.executable, "-c", "from ghg.cli import main; main()", "run", inventory(tmp_path), "--format", "json"],
        capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert '"key": "id bad, ctid (0,5)"' in done.stdout
