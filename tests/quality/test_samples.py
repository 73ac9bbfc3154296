"""Sampling errors are disclosed with the result."""

from __future__ import annotations

from pathlib import Path

import ghg
from tests.quality.test_portfolio import INVENTORY

HEADER = (
    "id,entity,activity,item,region,start,end,provenance,method,sample_emissions,sampled,total,standard_deviation\n"
)


def test_a_note_a_row_gives_the_error_and_the_explanation_has_it(tmp_path: Path) -> None:
    row = "own.shop,WORLD,2022-01-01,2022-12-31,extrapolated,franchises.sample,200 t,20,300"
    (tmp_path / "shops.csv").write_text(
        f"{HEADER}a,Bank,franchises,{row},2 t\nb,Bank,franchises,{row},\n", encoding="utf-8"
    )
    (tmp_path / "shops.yaml").write_text(INVENTORY.replace("loans.csv", "shops.csv"), encoding="utf-8")
    made = ghg.run(tmp_path / "shops.yaml")
    [note] = [issue for issue in made.issues if issue.rule == "sampling-error"]
    # t(19) 2.093 × 2 / √20 × √(1 − 20/300) / 10 = 9.04 %
    assert "shops.csv:2: a: sampling error: ± 9.04 % of the amount at 95%; 20 of 300 answered" in note.message
    assert "± 9.04 %" in "\n".join(made.explain("scope3.14").lines)
    assert [value.amount for value in [made.figure("scope3.14")] if value] == [6000]
    made.close()
