"""A PostgreSQL server of the tests' own, in a temporary folder, gone when they end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


def program(name: str) -> str | None:
    """Where a program of PostgreSQL is: on the path, or where Debian keeps it."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(places[-1]) if places else None)


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """A running server; gives the environment variables by which it is reached."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed: ghg[postgresql]")
    initdb, postgres = program("initdb"), program("postgres")
    if not initdb or not postgres:
        pytest.skip("there is no PostgreSQL server on this machine: initdb and postgres were not found")
    folder = Path(tempfile.mkdtemp(prefix="ghg-server-"))
    # The server refuses to run as root.
    other: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    if other:
        shutil.chown(folder, "nobody")
    data = folder / "data"
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    made = [initdb, "-D", str(data), "-U", "ghg", "--auth=trust", "--no-sync", "--no-locale", "-E", "UTF8"]
    try:
        subprocess.run(made, check=True, **quiet, **other)
        options = ["-D", str(data), "-k", str(folder), "-h", "", "-c", "fsync=off", "-c", "max_connections=20"]
        server = subprocess.Popen([postgres, *options], **quiet, **other)
        try:
            found = {"PGHOST": str(folder), "PGDATABASE": "postgres", "PGUSER": "ghg", "PGPORT": "5432"}
            _wait(found)
            yield found
        finally:
            server.send_signal(signal.SIGINT)  # without waiting for connections that are open
            server.wait(30)
    finally:
        shutil.rmtree(folder)


def _wait(at: dict[str, str]) -> None:
    """Until the server answers."""
    for _ in range(300):
        try:
            connect(at).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


def connect(at: dict[str, str]) -> Any:
    """A connection that commits each statement."""
    import psycopg

    try:
        return psycopg.connect(host=at["PGHOST"], dbname=at["PGDATABASE"], user=at["PGUSER"], autocommit=True)
    except psycopg.OperationalError as error:
        raise OSError(str(error)) from None
