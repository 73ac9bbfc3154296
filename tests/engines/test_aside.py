from concurrent.futures import CancelledError
from contextlib import closing

import pytest

from ghg.engines import Engine
from ghg.engines.aside import Thread

ENDLESS = "SELECT count(*) FROM range(100000000000) AS a, range(100000000000) AS b WHERE a.range + b.range < 0"


def test_work_is_done_beside_other_work() -> None:
    with closing(Engine()) as engine, Thread(engine) as aside:
        found = aside.run(lambda other: other.rows("SELECT 1"))
        assert engine.rows("SELECT 2") == [(2,)]
        assert found() == [(1,)]


def test_work_is_stopped_whatever_it_is_at() -> None:
    with closing(Engine()) as engine:
        error = engine.error
        with Thread(engine) as aside:
            found = aside.run(lambda other: other.rows(ENDLESS))
            more = aside.run(lambda other: other.rows(ENDLESS))
            aside.stop()
            for result in (found, more):
                with pytest.raises((error, CancelledError)):
                    result()
        assert engine.rows("SELECT 2") == [(2,)]


def test_an_error_stops_the_work_that_nobody_waits_for() -> None:
    with closing(Engine()) as engine:
        with pytest.raises(engine.error):
            _leave(engine)
        assert engine.rows("SELECT 2") == [(2,)]


def _leave(engine: Engine) -> None:
    with Thread(engine) as aside:
        aside.run(lambda other: other.rows(ENDLESS))
        engine.rows("SELECT nothing")
