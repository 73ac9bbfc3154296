from __future__ import annotations

from pathlib import Path

import ghg
from ghg.change.forms import SetGwp
from ghg.reports.changes import heading, what_if_document

ROOT = Path(__file__).parent.parent.parent


def test_the_heading_gives_every_change_its_reason() -> None:
    run = ghg.run(ROOT / "scenarios" / "kingsoft-cloud" / "2024.yaml")
    assert heading(run.what_if()) == "what-if: nothing is changed"
    after = run.what_if(steps=[SetGwp(gwp="AR6", why="newer")])
    assert heading(after) == "what-if: GWP set: AR5 → AR6\n    why: newer"
    document = what_if_document(after, after.compare(run))
    assert [(change.after, change.why, change.used) for change in document.changes] == [("AR6", "newer", True)]
    run.close()
