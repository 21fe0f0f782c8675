"""What happens to money that the client has paid already, when the payer's word comes or goes."""

from __future__ import annotations

from fscdesk.models.charge import Side
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.remittances.answered import Cas
from tests.support.payments import Till, pay, received, verify
from tests.support.remittance_acts import owed, post
from tests.support.remittances_made import claim, line, remittance

CO45 = Cas("CO", "45", 30_00)


def paid_by_client(books: Office, till: Till, cents: int) -> None:
    """The client pays of the first charge."""
    part = Application(till.copays[0], Money(cents), Side.PATIENT)
    received(books, pay(till, cents, part))


def test_a_client_who_paid_more_than_the_payer_leaves_has_it_too_much(
    books: Office, till: Till
) -> None:
    paid_by_client(books, till, 30_00)
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 130_00, CO45))))
    assert owed(books, till.copays[0]) == (0, -30_00)  # the client's, not the payer's
    verify(books)


def test_what_the_client_paid_of_its_deductible_is_too_much_once_it_is_taken_back(
    books: Office, till: Till
) -> None:
    said = (CO45, Cas("PR", "1", 50_00))
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 80_00, *said))))
    paid_by_client(books, till, 50_00)
    opposite = tuple(one._replace(cents=-one.cents) for one in said)
    back = claim(1, line(till.copays[0], -80_00, *opposite, charge=-160_00), status="22")
    other = claim(2, line(till.copays[1], 100_00, CO45, Cas("PR", "3", 30_00)))
    post(books, remittance(till.payer, back, other, trace="EFT0002"))
    assert owed(books, till.copays[0]) == (130_00, -20_00)
    again = claim(1, line(till.copays[0], 80_00, *said), payer_number="ICN9")
    post(books, remittance(till.payer, again, trace="EFT0003"))
    assert owed(books, till.copays[0]) == (0, 0)
    verify(books)
