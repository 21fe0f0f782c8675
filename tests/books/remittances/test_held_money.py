"""Money that the bank had before its remittance came: explained by posting it, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Automation, RemittanceStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accepting import accept, draft_of
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import apply_certain, held_lines
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.suspense import suspense
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.remittances.incoming import EraDone, apply_era
from fscdesk.services.remittances.posting import PostedRemittance, post_remittance
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.reports.exceptions import exceptions
from fscdesk.services.work import Work
from tests.support.bank_books import line, starts
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_matching import ALMA, send_claim
from tests.support.eras import ORIGIN, TRACE, claim, era, service
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import cents, verify
from tests.support.second_person import without

HELD = date(2026, 3, 30)
WORDS = f"IMAGINARY BLUE HCCLAIMPMT TRN*1*{TRACE}*{ORIGIN}\\"


@pytest.fixture
def text(books: Office) -> str:
    """What the payer says of Alma's claim: 120.00 of 160.00."""
    desk: ClaimDesk = books.write(add_claim_desk).value
    books.write(lambda work: _one_click(work, desk.payer))
    sent = send_claim(books, desk)
    paid = service("90837", "160", cas="CO45=40", day=sent.days[0])
    return era(claim(sent.account, paid, patient=ALMA))


def _one_click(work: Work, payer_id: int) -> None:
    work.db.get_one(Payer, payer_id).automation = Automation.ONE_CLICK


def hold(books: Office, amount: int = 120_00, words: str = WORDS, on: str = "3/30") -> None:
    """The bank shows money that nobody knows; it is held."""

    def act(work: Work) -> None:
        line(work, on, amount, words)
        account = account_named(work)
        for one in proposals(work, account):
            accept(work, draft_of(account, one, hold=True))

    books.write(act)


def read(books: Office, text: str) -> EraDone:
    return books.write(lambda work: apply_era(work, "a.835", text.encode(), clicked=True)).value


def posted(done: EraDone) -> PostedRemittance:
    (one,) = done.posted
    assert one is not None
    return one


def stands(books: Office) -> tuple[int, int, int]:
    """What is at the bank, held and undeposited, in cents."""
    return books.read(lambda work: (cents(work, "1000"), cents(work, "2420"), cents(work, "1050")))


def test_posting_explains_the_money_that_the_bank_had_first(books: Office, text: str) -> None:
    hold(books)
    done = posted(read(books, text))
    assert done.explained is not None
    assert (done.explained.number, done.explained.on) == ("SUS-2026-00001", HELD)
    assert (stands(books), books.read(suspense)) == ((120_00, 0, 0), ())
    assert books.read(exceptions) == ()
    paid = books.read(lambda work: work.db.get_one(Payment, done.payment_id))
    assert (paid.deposited_on, paid.banked_on) == (HELD, HELD)
    told = select(AuditEvent.detail).where(AuditEvent.action == "explain_by_remittance")
    assert books.read(lambda work: work.db.scalars(told).one()) == {
        "number": done.number,
        "held": "SUS-2026-00001",
        "deposit": "DEP-2026-00001",
    }
    verify(books)


def test_a_proved_month_stays_as_it_was(books: Office, text: str) -> None:
    account = books.write(lambda work: starts(work, "3/1", 0)).value
    hold(books)
    month = books.write(lambda work: start(work, account, date(2026, 3, 31), Money(120_00))).value
    books.write(lambda work: complete(work, month))
    done = posted(read(books, text))
    assert (done.explained is not None, stands(books)) == (True, (120_00, 0, 0))
    books.write(lambda work: undo_remittance(work, done.remittance_id, "Wrong"))
    assert stands(books) == (120_00, -120_00, 0)
    verify(books)


def test_it_is_undone_with_the_remittance_and_posted_anew(books: Office, text: str) -> None:
    hold(books)
    done = posted(read(books, text))
    back = books.write(lambda work: undo_remittance(work, done.remittance_id, "Wrong")).value
    assert (back.status, stands(books)) == (RemittanceStatus.UNDONE, (120_00, -120_00, 0))
    (held,) = books.read(suspense)
    assert (held.number, held.open) == ("SUS-2026-00001", Money(120_00))
    verify(books)
    again = books.write(lambda work: post_remittance(work, done.remittance_id)).value
    assert (again.explained is not None, stands(books)) == (True, (120_00, 0, 0))
    verify(books)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(119_99, WORDS), (120_00, WORDS.replace(TRACE, "EFT2026002")), (120_00, "DEPOSIT")],
    ids=["amount", "trace", "none"],
)
def test_what_does_not_agree_exactly_is_for_a_person(
    books: Office, text: str, amount: int, words: str
) -> None:
    hold(books, amount, words)
    done = posted(read(books, text))
    assert (done.explained, stands(books)) == (None, (amount, -amount, 120_00))


def test_two_of_one_trace_are_for_a_person(books: Office, text: str) -> None:
    hold(books)
    hold(books, on="3/31")
    done = posted(read(books, text))
    assert (done.explained, stands(books)) == (None, (240_00, -240_00, 120_00))


@pytest.mark.parametrize("right", [Right.RECONCILE, Right.MAKE_DEPOSITS])
def test_who_may_not_leaves_it_to_somebody_who_may(books: Office, text: str, right: Right) -> None:
    hold(books)
    clerk = without(books, right)
    done = posted(read(clerk, text))
    assert (done.explained, stands(books)) == (None, (120_00, -120_00, 120_00))
    (known,) = books.read(lambda work: held_lines(work, account_named(work)))
    assert (known.number, known.open) == ("SUS-2026-00001", Money(120_00))
    assert known.explained_by.startswith(f"{done.payment_number} of ")
    told = [one for one in books.read(exceptions) if one.number == "SUS-2026-00001"]
    assert [one.to_do for one in told] == [
        f"The same trace as {known.explained_by}: “Match again” of the bank's lines explains it."
    ]
    explained = books.write(lambda work: apply_certain(work, account_named(work))).value.explained
    assert (explained, stands(books)) == (1, (120_00, 0, 0))
    if right is Right.MAKE_DEPOSITS:
        with pytest.raises(Problem, match="was deposited on 03/30/2026"):
            clerk.write(lambda work: undo_remittance(work, done.remittance_id, "Wrong"))


def test_nothing_held_costs_nothing(books: Office, text: str) -> None:
    done = posted(read(books, text))
    assert (done.explained, done.left, stands(books)) == (None, ZERO, (0, 0, 120_00))


def test_posting_and_undoing_are_whole_or_nothing(books: Office, text: str) -> None:
    hold(books)
    act = assert_all_or_nothing(
        books, lambda work: apply_era(work, "a.835", text.encode(), clicked=True)
    )
    ident = posted(act.value).remittance_id
    assert_all_or_nothing(books, lambda work: undo_remittance(work, ident, "Wrong"))
