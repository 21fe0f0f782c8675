"""The story of a session ends with whether its money agrees with what the payer answered."""

from __future__ import annotations

from fscdesk.models.charge import Charge
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.sessions.story import Step, story
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY
from tests.support.payments import Till, open_till


def told(books: Office, till: Till) -> tuple[Step, ...]:
    """The story of Alma's first session."""

    def look(work: Work) -> tuple[Step, ...]:
        return story(work, work.db.get_one(Charge, till.copays[0]).session_id or 0)

    return books.read(look)


def eob(books: Office, till: Till, line: EobLine) -> None:
    """The payer answers for it."""
    check = NewPayment(line.paid, PaymentMethod.CHECK, TODAY, payer_id=till.payer)
    books.write(lambda work: post_eob(work, check, [line]))


def test_it_says_nothing_before_a_payer_answers_and_then_where_money_is_missing(
    books: Office,
) -> None:
    till = books.write(open_till).value
    before = told(books, till)
    assert "triangle-alert" not in [step.icon for step in before]
    eob(books, till, EobLine(till.copays[0], Money(100_00)))
    first, *rest = told(books, till)
    assert (first.title, first.icon, first.amount) == (
        "Payment missing",
        "triangle-alert",
        Money(30_00),
    )
    assert first.detail.startswith("The payer has answered for 90837, and 30.00 is open")
    assert first.source == next(step.source for step in rest if step.source.kind == "entry")
    assert len(rest) > len(before)


def test_it_says_that_it_is_good(books: Office) -> None:
    till = books.write(open_till).value
    eob(books, till, EobLine(till.copays[0], Money(100_00), contractual=Money(30_00)))
    first = told(books, till)[0]
    assert (first.title, first.icon, first.amount) == ("Payments checked", "circle-check", None)
    assert first.detail.startswith("The books agree with the payer: 100.00 paid")
