from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import ghg
from ghg import activity, cli, progress
from ghg.conformance import scoring
from ghg.conformance.examples import shipped
from ghg.engines import Engine
from ghg.engines.aside import Thread
from ghg.progress import CLEARED, Work, shown_on, steps
from ghg.testing.laws import LAWS
from ghg.uncertainty.policy import Policy

ROOT = Path(__file__).parent.parent
INVENTORY = ROOT / "scenarios" / "kingsoft-cloud" / "2024.yaml"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "AFTER", 0.0)
    monkeypatch.setattr(progress, "EVERY", 0.01)


def waited(stream: io.StringIO, text: str) -> bool:
    """Whether a stream comes to hold a text; waits at most ten seconds."""
    end = time.monotonic() + 10
    while text not in stream.getvalue() and time.monotonic() < end:
        time.sleep(0.01)
    return text in stream.getvalue()


@pytest.mark.usefixtures("quick")
def test_a_terminal_is_told_how_far_the_work_is_and_left_clean() -> None:
    stream = Terminal()
    with shown_on(stream), steps("drawing", 1000, "draws") as work:
        assert waited(stream, "drawing: 1,000 draws, 0 s so far")
        work.advance(400)
        assert waited(stream, "drawing: 400 of 1,000 draws, ")
        with steps("reading", 5, "MB"):
            assert waited(stream, "reading: 5 MB")
    assert stream.getvalue().endswith(CLEARED)
    assert "\n" not in stream.getvalue()


@pytest.mark.usefixtures("quick")
def test_work_done_elsewhere_says_itself_how_far_it_is_and_never_goes_back() -> None:
    stream, said = Terminal(), [0.3]
    with shown_on(stream), steps("summing", 1000, "rows", lambda: said[-1]):
        assert waited(stream, "summing: 300 of 1,000 rows, ")
        said.append(-0.01)
        before = stream.getvalue().count("summing: 300")
        while stream.getvalue().count("summing: 300") < before + 3:
            time.sleep(0.01)
        said.append(7.0)
        assert waited(stream, "summing: 1,000 of 1,000 rows, ")


def test_the_engine_says_how_far_a_statement_is_where_somebody_is_told() -> None:
    with shown_on(Terminal()):
        engine = Engine(threads=1)
    [(is_kept,)] = engine.rows("SELECT current_setting('enable_progress_bar')")
    assert is_kept
    assert engine.share() < 0
    with Thread(engine) as aside:
        assert aside.share() < 0
    engine.close()


def test_short_work_says_nothing() -> None:
    stream = Terminal()
    with shown_on(stream), steps("drawing", 1000, "draws") as work:
        work.advance(1000)
        time.sleep(2 * progress.EVERY)
    assert stream.getvalue() == ""


@pytest.mark.usefixtures("quick")
def test_a_file_a_pipe_and_a_library_call_are_told_nothing() -> None:
    stream = io.StringIO()
    with shown_on(stream), steps("drawing", 1000, "draws"):
        time.sleep(0.05)
    terminal = Terminal()
    with shown_on(terminal):
        pass
    with steps("drawing", 1000, "draws"):
        time.sleep(0.05)
    assert stream.getvalue() == terminal.getvalue() == ""


@pytest.mark.usefixtures("quick")
def test_an_error_ends_the_telling() -> None:
    stream = Terminal()

    def fail() -> None:
        with shown_on(stream), steps("drawing", 1000, "draws"):
            assert waited(stream, "drawing")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    said = stream.getvalue()
    time.sleep(0.05)
    assert stream.getvalue() == said
    assert not progress._open
    assert not progress._listeners


@pytest.mark.usefixtures("quick")
def test_a_terminal_that_went_away_stops_no_work() -> None:
    stream = Terminal()
    with shown_on(stream), steps("drawing", 1000, "draws") as work:
        stream.close()
        time.sleep(0.05)
        work.advance(1000)
    assert work.done == 1000


def test_steps_of_several_threads_are_all_counted() -> None:
    policy = Policy.model_validate(
        {"rows": "shared", "missing": "disclose", "activity": [{"spread": "5 % normal", "why": "stated"}]}
    )
    run = ghg.run(INVENTORY)
    silent = run.uncertainty(policy, draws=1000, threads=2)
    with shown_on(Terminal()):
        told = run.uncertainty(policy, draws=1000, threads=2)
    run.close()
    assert told == silent


def told(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a terminal is told while a command runs; what it prints is what it prints without one."""
    assert cli._main(arguments) == 0
    out = capsys.readouterr().out
    stream = Terminal()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        assert cli._main(arguments) == 0
    assert capsys.readouterr().out == out
    return stream.getvalue()


@pytest.mark.usefixtures("quick")
def test_reading_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    load = activity._load

    def slow(*arguments: Any) -> None:
        time.sleep(0.1)
        load(*arguments)

    monkeypatch.setattr(activity, "_load", slow)
    assert "reading activity tables" in told(["run", str(INVENTORY)], monkeypatch, capsys)


@pytest.mark.usefixtures("quick")
def test_conformance_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    files = list(shipped())[:1]
    monkeypatch.setattr(scoring, "LAWS", LAWS[:1])
    monkeypatch.setattr(scoring, "shipped", lambda: files)
    assert "laws and examples, " in told(["conformance", "--examples", "1"], monkeypatch, capsys)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_a_pseudo_terminal_is_told_and_a_pipe_is_not() -> None:
    code = (
        "import sys, time; from ghg import progress; progress.AFTER = 0; progress.EVERY = 0.01\n"
        "with progress.shown_on(sys.stderr), progress.steps('drawing', 7, 'draws') as work: time.sleep(0.5)"
    )
    leader, follower = os.openpty()
    subprocess.run([sys.executable, "-c", code], stderr=follower, check=True)
    assert b"drawing: 7 draws, " in os.read(leader, 65536)
    os.close(follower)
    os.close(leader)
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert piped.stderr == b""


def test_no_rate_is_made_up() -> None:
    assert Work("scanning", "rows", 10, started=5.0).line(5.0) == "scanning: 10 rows, 0 s so far"
    assert Work("drawing", "draws", 10, started=0.0, done=20).line(4.0).endswith("0 s left")
