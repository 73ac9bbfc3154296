"""Fuzzing of every parser: whatever the bytes, a problem of the data is raised or something is read; nothing else.

Guided by coverage, where atheris is installed (``pip install 'ghg[fuzzing]'``):

    nice python -m tests.fuzz csv -max_total_time=600    one parser, ten minutes
    nice python -m tests.fuzz each 60                    each of them a minute, as many at once as there are cores

The parsers are those of ``TARGETS``, each of which starts from a good file; ``tests/test_fuzz.py`` gives each a few
inputs in every run of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FunctionType

from ghg.change.forms import WhatIf
from ghg.documents import read_document
from ghg.factors import read_factors
from ghg.issues import GhgError
from ghg.reading import Manner, Reading, read_table
from ghg.reading.dates import read_days
from ghg.reading.hints import of_amount, of_date, of_period
from ghg.reading.marks import odd_signs, readings, rule_of
from ghg.schema import DATES, NUMBERS, OPTIONAL, REQUIRED
from ghg.uncertainty import spread
from ghg.units import amount_of, ratio
from tests.reading.harness import COLUMNS, FILL
from tests.reading.mutate import GOOD
from tests.reading.mutate_files import FORMS
from tests.reading.mutate_forms import good_json, good_sheet, workbook

FOLDER = Path(tempfile.gettempdir())


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def number(content: bytes) -> None:
    """What an amount may say: a rule, readings that are plain numbers, a hint."""
    text = _text(content)
    rule = rule_of(text)
    assert rule != "number-ambiguous" or readings(text)
    assert all(rule_of(found) == "" for found in readings(text))
    assert odd_signs(text) is not None
    assert of_amount(text) is not None


def day(content: bytes) -> None:
    """What dates may say: each text is a day, a question, or left."""
    texts = _text(content).split("\n")
    made = read_days(texts, None)
    assert all(len(found) == len("2025-01-15") for found in made.days.values())
    for text in texts:
        assert of_date(text) is not None
        span = of_period(text)
        assert span is None or span[0] <= span[1]


def table(name: str) -> Callable[[bytes], None]:
    """A reader of tables by the name of the file."""
    manner = Manner(name, Reading(columns=COLUMNS, fill=FILL), NUMBERS, DATES)

    def read(content: bytes) -> None:
        path = FOLDER / f"fuzz-{name}"
        path.write_bytes(workbook(content) if name == "t.xlsx" else content)
        try:
            found = read_table(path, name, REQUIRED, OPTIONAL, manner)
        except GhgError:
            return
        assert all(len(cells) == len(found.lines) for cells in found.columns.values())

    return read


def document(content: bytes) -> None:
    """An inventory or another YAML file."""
    (FOLDER / "fuzz.yaml").write_bytes(content)
    try:
        read_document(FOLDER / "fuzz.yaml", "fuzz.yaml")
    except GhgError:
        return


def word(content: bytes) -> None:
    """Units, amounts with units, and statements of uncertainty."""
    text = _text(content)
    for parse in (lambda: ratio(text), lambda: amount_of(text, "energy"), lambda: spread.read(text)):
        try:
            parse()
        except (GhgError, ValueError):
            continue


def factors(content: bytes) -> None:
    """A table of factors."""
    (FOLDER / "fuzz-factors.csv").write_bytes(content)
    try:
        found = read_factors(FOLDER / "fuzz-factors.csv", "fuzz-factors.csv", is_own=True)
    except GhgError:
        return
    assert all(row.amount.denominator for factor in found for row in factor.rows)


def what_if(content: bytes) -> None:
    """A what-if file."""
    (FOLDER / "fuzz-what-if.yaml").write_bytes(content)
    try:
        read_document(FOLDER / "fuzz-what-if.yaml", "fuzz-what-if.yaml").validate(WhatIf)
    except GhgError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    "number": number, "day": day, "csv": table("t.csv"), "json": table("t.json"), "sheet": table("t.xlsx"),
    "yaml": document, "word": word, "factors": factors, "what-if": what_if,
}  # fmt: skip
"""Each parser, given bytes."""


SEEDS: dict[str, tuple[bytes, ...]] = {
    "number": (b"1234.5", b"1,234.5", b"(120.5)", "1\u202f234,5".encode(), b"#DIV/0!", b"1e-7"),
    "day": (b"2025-01-15\n2025-02-15", b"13/02/2025\n01/02/2025", b"15 Jan 2025", b"2025-W03-3", b"Q1 2025", b"45672"),
    "csv": (GOOD.encode(), GOOD.replace(",", ";").encode("utf-16"), GOOD.replace("A", "Köln").encode("cp1252")),
    "json": (good_json(),),
    "sheet": (good_sheet(),),
    "yaml": (FORMS["inventory"].good,),
    "word": (b"kWh", b"kg/kWh", b"12.5 kWh", b"5 % normal", b"lognormal 1.2", b"tonne-km", b"0.5 to 0.7 uniform"),
    "factors": (FORMS["factors"].good,),
    "what-if": (FORMS["what-if"].good,),
}
"""Where each parser starts from: files and words that are read, or asked about."""
WATCHED = ("ghg.reading", "ghg.documents", "ghg.units", "ghg.uncertainty.spread")
"""The parsers alone: to watch every module loaded takes minutes."""


def watched() -> Iterator[FunctionType]:
    """Every function and method of the parsers."""
    for name, module in list(sys.modules.items()):
        if name.startswith(WATCHED):
            own = [found for found in vars(module).values() if getattr(found, "__module__", "") == name]
            inside = (part for found in own if isinstance(found, type) for part in vars(found).values())
            yield from (found for found in (*own, *inside) if isinstance(found, FunctionType))


def fuzz(name: str, options: list[str]) -> None:
    """Let atheris look for bytes that break a parser; it ends the process.

    Args:
        name: of the parser.
        options: of libFuzzer, such as ``-max_total_time=600``.
    """
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    for function in watched():
        atheris.instrument_func(function)
    with tempfile.TemporaryDirectory(prefix=f"ghg-fuzz-{name}-") as folder:
        for number, seed in enumerate(SEEDS[name]):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, folder], TARGETS[name])
        atheris.Fuzz()


def each(seconds: int) -> int:
    """Fuzz every parser in a process of its own; 1 if one is broken, with what broke it."""

    def found(name: str) -> tuple[str, subprocess.CompletedProcess[str]]:
        with tempfile.TemporaryDirectory(prefix=f"ghg-fuzz-{name}-") as folder:
            command = [
                sys.executable,
                "-m",
                "tests.fuzz",
                name,
                f"-max_total_time={seconds}",
                f"-artifact_prefix={folder}/",
            ]
            return name, subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                env=os.environ | {"TMPDIR": folder},
            )

    broken = 0
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for name, run in workers.map(found, TARGETS):
            last = run.stderr.strip().rpartition("\n")[2]
            said = last.removeprefix("Done ") if run.returncode == 0 else run.stderr[-4000:]
            sys.stdout.write(f"{name}: {said}\n")
            sys.stdout.flush()
            broken += run.returncode != 0
    return min(broken, 1)


if __name__ == "__main__":
    if sys.argv[1] == "each":
        raise SystemExit(each(int(sys.argv[2])))
    fuzz(sys.argv[1], sys.argv[2:])
