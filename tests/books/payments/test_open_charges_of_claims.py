"""What is open with a payer says on which claim it stands."""

from __future__ import annotations

from fscdesk.models.charge import Side
from fscdesk.services.office import Office
from fscdesk.services.payments.open_charges import charges_by_id, open_charges
from tests.support.claims import add_claim_desk
from tests.support.era_matching import send_claim


def test_a_payers_share_has_the_number_of_its_claim(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    sent = send_claim(books, desk, sessions=2)
    found = books.read(lambda work: open_charges(work, payer_id=desk.payer))
    assert {one.claim for one in found if one.charge_id in sent.charges} == {"CLM-2026-00001"}
    of_client = books.read(lambda work: charges_by_id(work, sent.charges, Side.PATIENT))
    assert {one.claim for one in of_client} == {""}
