"""Before billing, an authorization must have enough left of what it counts, for the code."""

from __future__ import annotations

import pytest

from fscdesk.models.coverage import Counts
from fscdesk.models.payer import Payer
from fscdesk.models.session import BillingStatus
from fscdesk.services.office import Office
from fscdesk.services.sessions.pre_bill import check_sessions
from fscdesk.services.work import Work
from tests.support.claims import add_authorization, add_claim_desk, ready


def missing(books: Office, granted: int, code: str, counts: Counts, used: int = 0) -> set[str]:
    """Return what a session of 90837 lacks, with such an authorization."""

    def act(work: Work) -> set[str]:
        desk = add_claim_desk(work)
        work.db.get_one(Payer, desk.payer).needs_authorization = True
        if granted:
            add_authorization(
                *(work, desk.alma, desk.payer, granted), code=code, counts=counts, used=used
            )
        session = ready(work, desk, status=BillingStatus.DOCUMENTED)
        (found,) = check_sessions(work, [session])
        return {one.check for one in found.missing}

    return books.write(act).value


@pytest.mark.parametrize(
    ("granted", "code", "counts", "used", "enough"),
    [
        (1, "", Counts.VISITS, 0, True),
        (1, "", Counts.UNITS, 0, True),
        (2, "", Counts.VISITS, 2, False),
        (9, "90834 90837", Counts.VISITS, 0, True),
        (9, "90834 90791", Counts.VISITS, 0, False),
        (0, "", Counts.VISITS, 0, False),
    ],
)
def test_an_authorization_must_have_enough_left(
    books: Office,
    granted: int,
    code: str,
    counts: Counts,
    used: int,
    enough: bool,
) -> None:
    expected = set() if enough else {"authorization"}
    assert missing(books, granted, code, counts, used) == expected
