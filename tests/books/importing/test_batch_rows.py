"""The rows of an import, as they are looked through afterwards."""

from __future__ import annotations

import pytest

from fscdesk.models.import_batch import ImportRow, Verdict
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.batch_rows import (
    BatchRowFilter,
    findings_of,
    page_of_batch_rows,
    verdict_counts,
)
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.people import (
    SPRING,
    add_batch,
    add_import_row,
    add_patient,
    add_provider,
    add_session,
)

FAULT = {"code": "no-client", "message": "No client.", "where": "row 4", "severity": "warning"}


@pytest.fixture
def imported(books: Office) -> Office:
    def fill(work: Work) -> None:
        testa, jose = add_provider(work, "Testa"), add_patient(work, "José Ficción")
        batch = add_batch(work, findings={"list": [FAULT]})
        add_import_row(work, batch, add_session(work, jose, testa), line=3)
        for line, verdict, reason in (
            (2, Verdict.SKIPPED, "A totals row"),
            (4, Verdict.SKIPPED, "No client: 100%"),
        ):
            work.db.add(
                ImportRow(batch_id=batch, line=line, verdict=verdict, reason=reason, raw="Total,7")
            )
        add_batch(work, "another.csv")

    books.write(fill)
    return books


def lines(books: Office, wanted: BatchRowFilter) -> list[int]:
    span = Span(0, 10, "line")
    page = books.read(lambda work: page_of_batch_rows(work, 1, wanted, span))
    assert page.total == len(page.rows)
    return [row.line for row in page.rows]


def test_rows_stand_in_the_order_of_the_file(imported: Office) -> None:
    page = imported.read(
        lambda work: page_of_batch_rows(work, 1, BatchRowFilter(), Span(1, 1, "line"))
    )

    assert (page.total, len(page.rows)) == (3, 1)
    assert (page.rows[0].verdict, page.rows[0].patient, page.rows[0].day) == (
        "new",
        "José Ficción",
        SPRING,
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (BatchRowFilter(), [2, 3, 4]),
        (BatchRowFilter(verdicts=("skipped",)), [2, 4]),
        (BatchRowFilter("jose"), [3]),
        (BatchRowFilter("total"), [2, 4]),
        (BatchRowFilter("100%"), [4]),
        (BatchRowFilter("client total"), [4]),
        (BatchRowFilter("nobody"), []),
    ],
    ids=str,
)
def test_words_and_verdicts_narrow_them(
    imported: Office, wanted: BatchRowFilter, found: list[int]
) -> None:
    assert lines(imported, wanted) == found


def test_counts_and_findings(imported: Office) -> None:
    assert imported.read(lambda work: verdict_counts(work, 1)) == {"new": 1, "skipped": 2}
    assert imported.read(lambda work: findings_of(work, 1)) == (
        Finding("no-client", "No client.", "row 4", Severity.WARNING),
    )
    assert imported.read(lambda work: findings_of(work, 2)) == ()
