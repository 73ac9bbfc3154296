from __future__ import annotations

from ghg.reports import documents
from ghg.reports.schemas import DOCUMENTS, FILES, SCHEMAS


def test_no_two_families_use_one_name() -> None:
    assert set(documents.DOCUMENTS) < set(DOCUMENTS)
    assert not set(DOCUMENTS) & set(FILES)
    assert list(SCHEMAS) == [*DOCUMENTS, *FILES]
    assert len({model.__name__ for model in SCHEMAS.values()}) == len(SCHEMAS)
