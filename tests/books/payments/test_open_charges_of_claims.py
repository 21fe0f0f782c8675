"""What is open with a payer says on which claim it stands."""

from __future__ import annotations

from datetime import date

from fscdesk.models.charge import Side
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.session import BillingStatus
from fscdesk.services.office import Office
from fscdesk.services.payments.open_charges import charges_by_id, open_charges
from fscdesk.services.work import Work
from tests.support.claims import add_claim_desk, build, put_at, ready
from tests.support.era_matching import send_claim


def test_a_payers_share_has_the_number_of_its_claim(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    sent = send_claim(books, desk, sessions=2)
    found = books.read(lambda work: open_charges(work, payer_id=desk.payer))
    assert {one.claim for one in found if one.charge_id in sent.charges} == {"CLM-2026-00001"}
    of_client = books.read(lambda work: charges_by_id(work, sent.charges, Side.PATIENT))
    assert {one.claim for one in of_client} == {""}


def test_what_was_never_billed_to_a_payer_that_gets_claims_says_so(books: Office) -> None:
    desk = books.write(add_claim_desk).value

    def unbilled() -> dict[int | None, bool]:
        rows = books.read(lambda work: open_charges(work, payer_id=desk.payer))
        return {one.session_id: one.unbilled for one in rows}

    def sit(work: Work) -> tuple[int, int]:
        waits = ready(work, desk, day=date(2026, 2, 2))
        elsewhere = ready(work, desk, day=date(2026, 2, 3), status=BillingStatus.SUBMITTED)
        return waits, elsewhere

    waits, elsewhere = books.write(sit).value
    assert unbilled() == {waits: False, elsewhere: False}, "all of it is billed elsewhere"
    billed = books.write(lambda work: ready(work, desk, day=date(2026, 2, 16))).value
    (claim_id,) = build(books, [billed])
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.SUBMITTED))
    drafted = books.write(lambda work: ready(work, desk, day=date(2026, 2, 9))).value
    build(books, [drafted])
    assert unbilled() == {waits: True, elsewhere: False, drafted: True, billed: False}
