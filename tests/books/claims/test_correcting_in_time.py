"""Until when an unanswered claim can be corrected: page, list, and scrubber agree."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payer import Payer
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.clocks import ClockKind, clocks_of
from fscdesk.services.claims.correcting import correct_claim
from fscdesk.services.claims.deadlines import clock_facts, due_on
from fscdesk.services.claims.scrub_facts import with_facts
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.sent_claims import send, some_claims, with_clearinghouse

SENT, ANSWERED, DENIED = date(2026, 4, 1), date(2026, 4, 5), date(2026, 4, 6)


@pytest.mark.parametrize(
    ("answered", "denied", "since"),
    [(None, None, SENT), (None, DENIED, DENIED), (ANSWERED, DENIED, ANSWERED)],
)
def test_days_to_correct_count_from_the_answer_or_the_first_sending(
    books: Office, tmp_path: Path, answered: date | None, denied: date | None, since: date
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim_id,) = some_claims(books, desk)
    send(books)

    def prepare(work: Work) -> int:
        claim = work.db.get_one(Claim, claim_id)
        work.db.get_one(Payer, desk.payer).corrected_days = 60
        claim.payer_number, claim.first_sent_on = "ICN-1", SENT
        claim.status = ClaimStatus.ACCEPTED if denied is None else ClaimStatus.DENIED
        claim.answered_on, claim.denied_on = answered, denied
        work.db.flush()
        return correct_claim(work, claim_id, expected_version=claim.version)

    new = books.write(prepare).value

    def look(work: Work) -> tuple[date | None, date | None, date | None]:
        claim = work.db.get_one(Claim, new)
        (clock,) = clocks_of(clock_facts(work, [claim])[new], work.today())
        assert clock.what is ClockKind.CORRECT
        content = with_facts(work, contents(work, [new]))[new]
        start = content.corrects_answer_of or content.corrects_sent_on
        due: date | None = work.db.scalar(select(due_on(work)).where(Claim.id == new))
        return clock.due_on, due, start

    limit = since + timedelta(days=60)
    assert books.read(look) == (limit, limit, since)
