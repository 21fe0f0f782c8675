"""Policies that change under claims: what waits is checked again at once."""

from __future__ import annotations

from datetime import timedelta

from fscdesk.models.claim import ClaimStatus
from fscdesk.services.office import Office
from fscdesk.services.patients.coverage import (
    PolicyFields,
    PolicyRow,
    edit_policy,
    end_policy,
    policies_of,
)
from fscdesk.services.work import Work
from tests.support.claims import DAY, add_claim_desk, claim_of, the_claim
from tests.support.payments import verify


def test_a_change_of_the_policy_is_seen_by_waiting_claims_at_once(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    claim_id = claim_of(books, desk=desk)
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED

    def row(work: Work) -> PolicyRow:
        return next(one for one in policies_of(work, desk.alma) if one.id == desk.policy)

    def edit(work: Work, **facts: object) -> None:
        now = row(work)
        names = PolicyFields.__dataclass_fields__
        fields = PolicyFields(**({name: getattr(now, name) for name in names} | facts))
        edit_policy(work, desk.policy, fields, expected_version=now.version)

    books.write(lambda work: edit(work, member_id=""))
    assert the_claim(books, claim_id).status is ClaimStatus.DRAFT
    books.write(lambda work: edit(work, member_id="XYZ123456789", release_signed=False))
    assert the_claim(books, claim_id).status is ClaimStatus.DRAFT
    books.write(lambda work: edit(work, release_signed=True))
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED

    def end(work: Work) -> None:
        end_policy(work, desk.policy, DAY - timedelta(days=1), expected_version=row(work).version)

    books.write(end)
    assert the_claim(books, claim_id).status is ClaimStatus.DRAFT
    verify(books)
