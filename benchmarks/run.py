"""Every benchmark in turn, in one session: ghg beside plain SQL, pandas and pint, with ratios and peak memory.

    python benchmarks/run.py --rows 10000000 --data FOLDER --report docs/explanation/measurements.md
    python benchmarks/run.py --rows 1000000 --data FOLDER --only totals,small
    python benchmarks/run.py --rows 10000000 --data FOLDER --only anchors --anchors FOLDER-OF-THE-ANCHORS

FOLDER takes the generated tables, which are kept for the next time: about 0.2 GB of Parquet and 2.3 GB of CSV at ten
million rows. Whole processes are measured, subject and baseline by turns, and medians compared; ``--rounds`` says how
often. Sections (``--only``): totals, ledger, csv, people (pandas and pint), faulty, within (what-ifs, exact sums),
shares (entities and instruments), frames, small, threads, memory (``--memory-rows``), anchors (``--anchors``), spark.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import exact
from generate import generate
from measure import MIB, Median, Process, in_turn, machine, run

HERE = Path(__file__).parent
PYTHON = sys.executable
GHG = str(Path(sys.executable).with_name("ghg"))
BY = ["--by", "scope,category,entity,gas", "--format", "csv"]
FEW, BAD, BAD_LINE = 10_000, 63, 7_654_321
"""Rows of the small faulty table, how many of them are wrong, and the line of the large one that is."""
SMALL, MOST_FRAMED, THREADS = 50, 1_000_000, (1, 2, 3, 4)
TIMES = 7
"""Rounds of processes that last less than a second."""
NOTHING = float("nan")
"""What was not measured."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: what was measured against what, ratios, peak memory of the subject, and a remark."""

    what: str
    against: str
    wall: float
    cpu: float
    memory: float
    baseline_memory: float
    remark: str = ""


@dataclass(slots=True)
class Session:
    """What is asked, and what was found so far."""

    asked: argparse.Namespace
    rows: list[Row] = field(default_factory=list)

    def folder(self, rows: int, *, as_csv: bool = False, faulty: int = 0, bad_line: int = 0) -> Path:
        """The folder of a workload, generated if it is not there."""
        out = Path(self.asked.data) / f"rows-{rows}"
        stated = {"csv": as_csv, "faulty": faulty, "bad_line": bad_line, "seed": self.asked.seed}
        mark = out / "workload.json"
        known = json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else {}
        if any(known.get(name, 0) != value for name, value in stated.items() if value):
            stated = {name: value or known.get(name, value) for name, value in stated.items()}
            say(f"generating {rows:,} rows in {out}")
            generate(out, rows, seed=self.asked.seed, as_csv=bool(stated["csv"]), faulty=int(stated["faulty"]),
                     bad_line=int(stated["bad_line"]))  # fmt: skip
            mark.write_text(json.dumps(stated), encoding="utf-8")
        return out

    def compare(
        self, subject: tuple[str, list[str]], baselines: dict[str, list[str]], *, rounds: int = 0, remark: str = ""
    ) -> dict[str, list[Process]]:
        """Measure a subject beside baselines by turns, and note a row against each."""
        name, command = subject
        found = in_turn({**baselines, name: command}, rounds or self.asked.rounds, Path(self.asked.data) / "work")
        ours = Median.of(found[name])
        for other in baselines:
            theirs = Median.of(found[other])
            self.note(Row(name, other, ours.wall / theirs.wall, ours.cpu / theirs.cpu, ours.memory / MIB,
                          theirs.memory / MIB, remark))  # fmt: skip
        return found

    def note(self, row: Row) -> None:
        """Keep and print a row."""
        self.rows.append(row)
        say(f"{row.what} against {row.against}: CPU {row.cpu:.2f}, wall {row.wall:.2f}, peak {row.memory:,.0f} MiB "
            f"against {row.baseline_memory:,.0f} MiB. {row.remark}")  # fmt: skip


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def ghg_run(inventory: Path, threads: int, *more: str) -> list[str]:
    """The command that computes totals."""
    return [GHG, "run", str(inventory), "--threads", str(threads), *BY, *more]


def reference(data: Path, threads: int, *more: str) -> list[str]:
    """The plain SQL."""
    return [PYTHON, str(HERE / "reference.py"), "--data", str(data), "--threads", str(threads), *more]


def people(data: Path, *more: str) -> list[str]:
    """The pandas script."""
    return [PYTHON, str(HERE / "frames.py"), "--data", str(data), *more]


def agreement(data: Path, ended: Process, theirs: Process) -> str:
    """Whether the exact totals agree, and how far the baseline's grand total is from them."""
    found = exact.totals(data)
    problems = exact.differences(exact.read(ended.output), found)
    total = sum(found.values())
    apart = abs(json.loads(theirs.output.splitlines()[-1])["t_co2e"] / float(total) - 1)
    said = f"all {len(found):,} exact totals agree" if not problems else f"{len(problems):,} totals differ"
    return f"{said}; the baseline's grand total is {apart:.0e} off"


def totals(session: Session) -> None:
    """Parquet to totals."""
    data, threads = session.folder(session.asked.rows), session.asked.threads
    subject = (
        f"`ghg run`, {session.asked.rows:,} rows of Parquet to totals",
        ghg_run(data / "inventory.yaml", threads),
    )
    found = session.compare(subject, {"plain SQL, double sums": reference(data, threads)})
    *_, theirs, ours = [runs[-1] for runs in found.values()]
    session.rows.append(replaced(session.rows.pop(), agreement(data, ours, theirs)))
    in_sql = in_turn({name: reference(data, threads, "--sum", name) for name in ("double", "whole")},
                     session.asked.rounds, Path(session.asked.data) / "work")  # fmt: skip
    whole, double = Median.of(in_sql["whole"]), Median.of(in_sql["double"])
    session.note(Row("the plain SQL, 64-bit integer sums", "the same, double sums", whole.wall / double.wall,
                     whole.cpu / double.cpu, whole.memory / MIB, double.memory / MIB))  # fmt: skip


def replaced(row: Row, remark: str) -> Row:
    """A row with a remark, said once more."""
    say(remark)
    return Row(row.what, row.against, row.wall, row.cpu, row.memory, row.baseline_memory, remark)


def ledger(session: Session) -> None:
    """Parquet to totals and the posted ledger."""
    data, threads = session.folder(session.asked.rows), session.asked.threads
    target = data / "ledger.parquet"
    command = shlex.join(ghg_run(data / "inventory.yaml", threads, "--ledger", str(target)))
    found = session.compare(
        ("`ghg run --ledger`", ["sh", "-c", f"rm -f {shlex.quote(str(target))} && exec {command}"]),
        {"plain SQL that writes every row": reference(data, threads, "--rows")},
    )
    size = target.stat().st_size
    session.rows.append(replaced(session.rows.pop(), f"the ledger is {size / session.asked.rows:.1f} bytes a row"))
    del found
    target.unlink()


def from_csv(session: Session) -> None:
    """CSV to totals."""
    data, threads = session.folder(session.asked.rows, as_csv=True), session.asked.threads
    session.compare(
        ("`ghg run`, the same rows of CSV", ghg_run(data / "inventory-csv.yaml", threads)),
        {"plain SQL from the same CSV": reference(data, threads, "--input", "activities.csv")},
    )


def by_people(session: Session) -> None:
    """Parquet to totals against pandas and pint."""
    data, threads = session.folder(session.asked.rows), session.asked.threads
    subject = ("`ghg run`, rows of Parquet", ghg_run(data / "inventory.yaml", threads))
    baselines = {"pandas merge and groupby": people(data)}
    if importlib.util.find_spec("pint_pandas"):
        baselines["pint-pandas"] = people(data, "--pint")
    session.compare(subject, baselines, rounds=min(session.asked.rounds, 2))


def faulty(session: Session) -> None:
    """Wrong rows: each is found, and what finding them costs."""
    threads, work = session.asked.threads, Path(session.asked.data) / "work"
    data = session.folder(FEW, faulty=BAD)
    ended = run([GHG, "run", str(data / "inventory-faulty.yaml"), "--incomplete", "--format", "json"], work)
    listed = [issue for issue in json.loads(ended.output)["issues"] if issue["rule"].startswith("unit-")]
    say(f"{len(listed)} of {BAD} wrong units in {FEW:,} rows are listed, exit code {ended.code}")
    share = session.asked.rows * BAD // FEW
    data = session.folder(session.asked.rows, faulty=share)
    incomplete = shlex.join(ghg_run(data / "inventory-faulty.yaml", threads, "--incomplete"))
    commands = {
        "the clean rows": ghg_run(data / "inventory.yaml", threads),
        "faulty": ["sh", "-c", f"{incomplete}; test $? -eq 2"],
    }
    found = in_turn(commands, session.asked.rounds, work)
    ours, theirs = Median.of(found["faulty"]), Median.of(found["the clean rows"])
    session.note(Row(f"`ghg run --incomplete`, {share:,} rows with a wrong unit", "the same rows, all sound",
                     ours.wall / theirs.wall, ours.cpu / theirs.cpu, ours.memory / MIB, theirs.memory / MIB,
                     f"of {BAD} wrong units in {FEW:,} rows {len(listed)} are listed one by one"))  # fmt: skip
    if session.asked.rows >= BAD_LINE:
        data = session.folder(session.asked.rows, as_csv=True, bad_line=BAD_LINE)
        ended = run(ghg_run(data / "inventory-bad-line.yaml", threads), work)
        clean = run(ghg_run(data / "inventory-csv.yaml", threads), work)
        is_named = f"bad-line.csv:{BAD_LINE}: unit: " in ended.errors
        session.note(Row(f"`ghg run`, a wrong unit in line {BAD_LINE:,} of the CSV", "the sound CSV",
                         ended.wall / clean.wall, ended.cpu / clean.cpu, ended.memory / MIB, clean.memory / MIB,
                         f"exit code {ended.code}, file and line {'named' if is_named else 'NOT named'}"))  # fmt: skip


def within(session: Session) -> None:
    """What-ifs, and exact sums beside float sums, in one process."""
    data = session.folder(session.asked.rows)
    ended = run([PYTHON, str(HERE / "within.py"), "--data", str(data), "--threads", str(session.asked.threads)],
                Path(session.asked.data) / "work")  # fmt: skip
    if ended.code:
        raise SystemExit(ended.errors)
    found = json.loads(ended.output.splitlines()[-1])
    said = "equal to a full run, every figure" if found["equal_to_full_runs"] else "NOT equal to a full run"
    memory = ended.memory / MIB
    for name, what in (("one_factor_over_full", "what-if of one factor"), ("factors_500_over_full", "of 500 factors")):
        session.note(Row(what, "the full run", found[name], NOTHING, memory, NOTHING,
                         f"1/{1 / found[name]:,.0f}; {said}"))  # fmt: skip
    if "exact_over_float" in found:
        session.note(Row("the kernel's statement, whole numbers", "the same statement, doubles",
                         found["exact_over_float"], NOTHING, memory, NOTHING))  # fmt: skip


def by_frames(session: Session) -> None:
    """Frames in memory against the file they come from."""
    rows = min(session.asked.rows, MOST_FRAMED)
    data = session.folder(rows)
    command = [PYTHON, str(HERE / "within.py"), "--data", str(data), "--frames"]
    ended = run([*command, "--threads", str(session.asked.threads)], Path(session.asked.data) / "work")
    if ended.code:
        raise SystemExit(ended.errors)
    found = json.loads(ended.output.splitlines()[-1])
    said = "one result" if found["results"] == 1 else f"{found['results']} DIFFERENT results"
    for name, value in found["over_file"].items():
        session.note(Row(f"`ghg.run` over a frame of {name}, {rows:,} rows", "`ghg.run` over its Parquet file", value,
                         NOTHING, NOTHING, NOTHING, said))  # fmt: skip


def shares(session: Session) -> None:
    """Inventories whose rows count by shares, beside the one whose rows count whole."""
    data, threads = session.folder(session.asked.rows), session.asked.threads
    for kind in ("entities", "instruments"):
        session.compare((f"`ghg run`, rows that count by shares: {kind}",
                         ghg_run(data / f"inventory-{kind}.yaml", threads, "--by", "scope,category,entity,gas,book")),
                        {"every row whole": ghg_run(data / "inventory.yaml", threads)}, rounds=1)  # fmt: skip


def small(session: Session) -> None:
    """Fifty rows, and the help."""
    data, threads = session.folder(SMALL, as_csv=True), session.asked.threads
    shipped = "scenarios/kingsoft-cloud/2024.yaml"
    session.compare((f"`ghg run`, {SMALL} rows, 4,950 factors of its own", ghg_run(data / "inventory.yaml", threads)),
                    {"the pandas script": people(data, "--rows")}, rounds=TIMES)  # fmt: skip
    session.compare(("`ghg run`, a shipped scenario", [GHG, "run", shipped]),
                    {"the pandas script": people(data, "--rows")}, rounds=TIMES)  # fmt: skip
    found = session.compare(("`ghg --help`", [GHG, "--help"]), {"`python -c pass`": [PYTHON, "-c", "pass"]},
                            rounds=TIMES)  # fmt: skip
    wall = Median.of(found["`ghg --help`"]).wall
    session.rows.append(replaced(session.rows.pop(), f"{wall * 1000:.0f} ms"))


def on_threads(session: Session) -> None:
    """One to four threads: the same bytes."""
    data = session.folder(session.asked.rows)
    commands = {str(threads): ghg_run(data / "inventory.yaml", threads) for threads in THREADS}
    found = in_turn(commands, session.asked.rounds, Path(session.asked.data) / "work")
    printed = {hashlib.sha256(ended.output.encode()).hexdigest() for runs in found.values() for ended in runs}
    one = Median.of(found["1"])
    for threads in THREADS[1:]:
        ours = Median.of(found[str(threads)])
        said = "the same bytes" if len(printed) == 1 else f"{len(printed)} DIFFERENT results"
        session.note(Row(f"`ghg run`, {threads} threads", "one thread", ours.wall / one.wall, ours.cpu / one.cpu,
                         ours.memory / MIB, one.memory / MIB, said))  # fmt: skip


def memory(session: Session) -> None:
    """The peak memory of many more rows."""
    if not session.asked.memory_rows:
        return
    threads, work = session.asked.threads, Path(session.asked.data) / "work"
    few = run(ghg_run(session.folder(session.asked.rows) / "inventory.yaml", threads), work)
    data = session.folder(session.asked.memory_rows)
    many = run(ghg_run(data / "inventory.yaml", threads), work)
    theirs = run(reference(data, threads), work)
    if many.code or theirs.code:
        raise SystemExit(many.errors + theirs.errors)
    said = agreement(data, many, theirs)
    session.note(Row(f"`ghg run`, {session.asked.memory_rows:,} rows of Parquet", "plain SQL", many.wall / theirs.wall,
                     many.cpu / theirs.cpu, many.memory / MIB, theirs.memory / MIB,
                     f"{many.memory / few.memory:.2f} × the peak of {session.asked.rows:,} rows; {said}"))  # fmt: skip
    shutil.rmtree(data)


def anchors(session: Session) -> None:
    """The workload of the performance anchors, with their own scripts as baselines."""
    if not session.asked.anchors:
        return
    scripts, threads, rows = Path(session.asked.anchors), str(session.asked.threads), session.asked.rows
    data = Path(session.asked.data) / f"anchors-{rows}"
    work = Path(session.asked.data) / "work"
    if not (data / "activities.parquet").exists():
        say(f"generating the anchors' workload of {rows:,} rows")
        made = run([PYTHON, str(scripts / "gen.py"), str(rows), "--dir", str(data)], work)
        if made.code:
            raise SystemExit(made.errors)

    def theirs(script: str, *more: str) -> list[str]:
        return [PYTHON, str(scripts / script), "--data", str(data), "--out", str(data / "out"), *more]

    ours = [PYTHON, str(HERE / "anchors.py"), "--data", str(data), "--out", str(data / "ghg"), "--threads", threads]
    plain = theirs("base_duckdb.py", "--variant", "leftjoin", "--threads", threads)
    found = session.compare(("the anchors' workload to totals", ours), {"the anchors' reference": plain})
    values = [json.loads(runs[-1].output.splitlines()[-1])["t_co2e"] for runs in found.values()]
    remark = f"grand totals {abs(values[0] / values[1] - 1):.0e} apart"
    session.rows.append(replaced(session.rows.pop(), remark))
    baselines = {"their pandas script": theirs("base_pandas.py"), "their pint-pandas": theirs("base_pintpandas.py")}
    session.compare(("the anchors' workload to totals", ours), baselines, rounds=1)
    rows_too = {"the anchors' reference, rows written": [*plain, "--mode", "rows"]}
    session.compare(("the anchors' workload, ledger written", [*ours, "--mode", "rows"]), rows_too)


def on_spark(session: Session) -> None:
    """A warm run on Apache Spark against a query written by hand, in one session."""
    if not importlib.util.find_spec("pyspark") or not shutil.which("java"):
        say("Apache Spark or Java is not installed: left out")
        return
    data, work = session.folder(session.asked.rows), Path(session.asked.data) / "work"
    master = f"local[{session.asked.threads}]"
    made = run([PYTHON, str(HERE / "spark.py"), "--data", str(data), "--master", master], work)
    if made.code:
        raise SystemExit(made.errors)
    found = json.loads(made.output.splitlines()[-1])
    session.note(Row(f"a warm `ghg.run` on Spark, {master}", "PySpark written by hand, warm",
                     found["warm_ghg_over_pyspark"], NOTHING, NOTHING, NOTHING,
                     f"grand totals {found['totals_apart']:.0e} apart"))  # fmt: skip


SECTIONS: dict[str, Callable[[Session], None]] = {
    "totals": totals, "ledger": ledger, "csv": from_csv, "people": by_people, "faulty": faulty, "within": within,
    "shares": shares,
    "frames": by_frames,
    "small": small, "threads": on_threads, "memory": memory, "anchors": anchors, "spark": on_spark,
}  # fmt: skip


def lines(session: Session, kind: str) -> Iterator[str]:
    """The report as Markdown."""
    yield "# Measurements"
    yield ""
    yield f"Made by `benchmarks/run.py` on {datetime.now(UTC).date()}. [Performance](performance.md) says what it"
    yield "means and where the time goes."
    yield ""
    asked = session.asked
    yield f"Machine: {kind}. Threads: {asked.threads}. Rounds: {asked.rounds}, each case once a round, by turns."
    yield "Ratios of medians; below 1 the subject needs less. CPU is user and system time of whole processes, or of"
    yield "nothing where the work is timed within one (–). Peak memory is that of the whole process."
    yield ""
    yield "| measured | against | CPU ratio | wall ratio | peak MiB | baseline's peak MiB | remark |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in session.rows:
        yield (f"| {row.what} | {row.against} | {ratio(row.cpu)} | {ratio(row.wall)} | {whole(row.memory)} | "
               f"{whole(row.baseline_memory)} | {row.remark or '–'} |")  # fmt: skip


def ratio(value: float) -> str:
    """A ratio in three digits; a dash where it was not measured."""
    return "–" if value != value else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"  # noqa: PLR0124, PLR2004


def whole(value: float) -> str:
    """A size in whole numbers; a dash where it was not measured."""
    return "–" if value != value else f"{value:,.0f}"  # noqa: PLR0124


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--data", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", default="", help="sections, comma-separated")
    parser.add_argument("--memory-rows", type=int, default=0, help="rows of the memory section; none leaves it out")
    parser.add_argument("--anchors", help="folder of the anchors' scripts (gen.py, base_duckdb.py …)")
    parser.add_argument("--report", type=Path, help="write the table here as Markdown")
    session, kind = Session(parser.parse_args(arguments)), machine()
    (Path(session.asked.data) / "work").mkdir(parents=True, exist_ok=True)
    for name in session.asked.only.split(",") if session.asked.only else SECTIONS:
        say(f"— {name}")
        SECTIONS[name](session)
        if session.asked.report:  # after every section: what was measured is kept whatever comes after it
            session.asked.report.write_text("\n".join(lines(session, kind)) + "\n", encoding="utf-8")
    print("\n".join(lines(session, kind)))


if __name__ == "__main__":
    main()
