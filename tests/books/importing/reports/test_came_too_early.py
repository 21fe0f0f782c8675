"""Reports that come before the sessions: every row says why it is left out, and what to do."""

from __future__ import annotations

import pytest

from fscdesk.services.errors import Severity
from fscdesk.services.office import Office
from tests.support.report_imports import bring_in, sample, sessions_of


@pytest.mark.parametrize(
    "profile", ["sp_outstanding", "sp_ins_aging", "sp_claims", "sp_unpaid_ins"]
)
def test_a_report_before_the_sessions_says_what_to_import_first(
    books: Office, profile: str
) -> None:
    done = bring_in(books, sample(profile))
    assert done.batch_id is None
    assert done.plan.skipped == done.plan.read
    (told,) = [one for one in done.plan.findings if one.code == "came-too-early"]
    assert told.severity is Severity.WARNING
    assert "not in the books. Import the appointment status report" in told.message
    assert "then this file again" in told.message
    sessions_of(books)
    again = bring_in(books, sample(profile))
    assert again.batch_id is not None
    assert [one for one in again.plan.findings if one.code == "came-too-early"] == []


def test_the_line_of_sums_is_told_too(books: Office) -> None:
    sessions_of(books)
    plan = bring_in(books, sample("sp_attendance")).plan
    assert [one.message for one in plan.findings if one.code == "left-out"] != []
