"""A transfer that the bank took back: told, undone, or replaced by a later one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import ZERO
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.returning import undo_return
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.reading_items import read_items
from fscdesk.services.remittances.bouncing import bounce as back_to_bank
from fscdesk.services.remittances.detail import remittance_page
from fscdesk.services.remittances.listing import (
    RemittanceFilter,
    page_of_remittances,
    remittance_counts,
)
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import recoupments
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, plb, plbs, reversal_of, service
from tests.support.payments import verify

WHY = "The bank sent it back"


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice whose payer pays by EFT."""
    return books.write(add_claim_desk).value


def say(books: Office, sent: SentClaim, trace: str, number: str = "ICN1") -> int:
    """Read a remittance that pays 91.40 of a claim; return it unposted."""
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    text = era(claim(sent.account, line, patient=ALMA, payer_number=number), trace=trace)
    return read(books, text, f"{trace}.835")


def bounce(books: Office, remittance: int) -> int:
    """Let the bank take the money of a remittance back; return the payment."""

    def act(work: Work) -> int:
        payment = work.db.get_one(Payment, work.db.get_one(Remittance, remittance).payment_id)
        back_to_bank(
            work, payment.id, on=work.today(), reason=WHY, expected_version=payment.version
        )
        return payment.id

    return books.write(act).value


def owed(books: Office, sent: SentClaim) -> tuple[int, int]:
    """What the payer and the client owe of the claim's charge, in cents."""

    def look(work: Work) -> tuple[int, int]:
        charge = work.db.get_one(Charge, sent.charges[0])
        return charge.insurance_balance.cents, charge.patient_balance.cents

    return books.read(look)


def needs(books: Office) -> list[tuple[int, bool]]:
    """Which remittances need somebody, and whether their money went back."""
    span = Span(0, 10, "paid")
    page = books.read(lambda work: page_of_remittances(work, RemittanceFilter(view="needs"), span))
    assert books.read(remittance_counts)["needs"] == page.total
    return [(row.id, row.returned) for row in page.rows]


def in_queue(books: Office) -> list[str]:
    """What the work queue says of remittances."""
    found = books.read(lambda work: list(read_items(work)))
    return [one.title for one in found if one.kind is ItemKind.REMITTANCE]


def test_it_is_told_on_list_page_and_queue_and_undone_whole(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    one = say(books, sent, "EFT1")
    books.write(lambda work: post_remittance(work, one))
    assert (owed(books, sent), needs(books), in_queue(books)) == ((0, 30_00), [], [])
    payment = bounce(books, one)
    verify(books)
    assert owed(books, sent) == (91_40, 30_00), "only the money is missing"
    assert needs(books) == [(one, True)]
    assert in_queue(books) == ["Remittance whose money the bank took back"]
    page = books.read(lambda work: remittance_page(work, one))
    words = "The bank took the money of REM-2026-00001 back (payment PAY-2026-00001)."
    assert (page.returned, page.stop, page.row.returned) == (words, words, True)

    with pytest.raises(Problem, match="The bank took the money"):
        books.write(lambda work: undo_claim(work, page.claims[0].id, WHY))
    done = books.write(lambda work: undo_remittance(work, one, WHY)).value
    assert (done.status, done.claims) == (RemittanceStatus.UNDONE, 1)
    verify(books)
    assert owed(books, sent) == (130_00, 30_00)
    assert (needs(books), in_queue(books)) == ([], [])
    assert books.read(lambda work: work.db.get_one(Payment, payment).status) == "returned"
    with pytest.raises(Problem, match="was undone with its remittance"):
        books.write(
            lambda work: undo_return(
                work,
                payment,
                reason=WHY,
                expected_version=work.db.get_one(Payment, payment).version,
            )
        )

    again = books.write(lambda work: post_remittance(work, one)).value
    assert again.payment_id != payment
    assert owed(books, sent) == (0, 30_00)
    assert needs(books) == []
    verify(books)


def test_what_pays_it_again_takes_its_place(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    one = say(books, sent, "EFT1")
    books.write(lambda work: post_remittance(work, one))
    bounce(books, one)
    two = say(books, sent, "EFT2")
    page = books.read(lambda work: remittance_page(work, two))
    assert page.postable == 1, "it is no duplicate: the first money is gone"
    assert page.claims[0].lines[0].wrote_off == ZERO, "the contract was taken off already"
    books.write(lambda work: post_remittance(work, two))
    assert owed(books, sent) == (0, 30_00)
    assert (needs(books), in_queue(books)) == ([], [])
    told = books.read(lambda work: remittance_page(work, one))
    assert told.returned.endswith("REM-2026-00002 has paid it again.")
    assert not told.row.returned
    verify(books)
    with pytest.raises(Problem, match="REM-2026-00002 has paid again"):
        books.write(lambda work: undo_remittance(work, one, WHY))
    books.write(lambda work: undo_remittance(work, two, WHY))
    assert needs(books) == [(one, True)]
    assert owed(books, sent) == (91_40, 30_00)
    verify(books)
    books.write(lambda work: undo_remittance(work, one, WHY))
    assert owed(books, sent) == (130_00, 30_00)
    verify(books)


def test_a_second_answer_is_a_duplicate_while_the_money_is_here(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    one = say(books, sent, "EFT1")
    books.write(lambda work: post_remittance(work, one))
    two = say(books, sent, "EFT2")
    assert books.read(lambda work: remittance_page(work, two)).postable == 0


def test_a_return_taken_back_needs_nobody(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    one = say(books, sent, "EFT1")
    books.write(lambda work: post_remittance(work, one))
    payment = bounce(books, one)
    books.write(
        lambda work: undo_return(
            work, payment, reason=WHY, expected_version=work.db.get_one(Payment, payment).version
        )
    )
    assert needs(books) == []
    assert books.read(lambda work: work.db.get_one(Payment, payment).status) is PaymentStatus.POSTED
    verify(books)


def test_the_rest_of_one_is_not_posted_from_money_that_is_gone(
    books: Office, desk: ClaimDesk
) -> None:
    first, second = send_claim(books, desk), send_claim(books, desk, code="90834")
    lines = [
        service(code, "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
        for code, sent in (("90837", first), ("90834", second))
    ]
    text = era(
        claim(first.account, lines[0], patient=ALMA, payer_number="ICN1"),
        claim(second.account, lines[1], patient=ALMA, payer_number="ICN2"),
    )
    one = read(books, text)
    books.write(lambda work: post_remittance(work, one, positions=[1]))
    bounce(books, one)
    with pytest.raises(Problem, match="The bank took the money"):
        books.write(lambda work: post_remittance(work, one))
    assert needs(books) == [(one, True)]
    books.write(lambda work: undo_remittance(work, one, WHY))
    done = books.write(lambda work: post_remittance(work, one, on=date(2026, 4, 2))).value
    assert (done.claims, done.unposted) == (2, 0)
    verify(books)


def test_a_check_that_settled_more_goes_back_with_all_that_it_said(
    books: Office, desk: ClaimDesk
) -> None:
    """It added 60.00 that it will take, took 20.00 for nothing known, and paid interest."""
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    said = claim(sent.account, line, patient=ALMA, payer_number="ICN1")
    beside = [plbs(("WO", "-60", "A"), ("CS", "20", "B"), ("L6", "-1.25", ""))]
    before = books.read(balances)
    one = read(books, era(said, trace="EFT1", plb=beside))
    books.write(lambda work: post_remittance(work, one))
    verify(books)
    after = books.read(balances)
    payment = bounce(books, one)
    verify(books)

    def stand(work: Work) -> tuple[str, str]:
        row = work.db.get_one(Remittance, one)
        return row.status.value, work.db.get_one(Payment, payment).status.value

    assert books.read(stand) == ("undone", "returned")
    assert owed(books, sent) == (130_00, 30_00)
    # The money came in, and left the bank: nothing else stands.
    gone = {"1050": 132_65, "1000": -132_65}
    assert books.read(balances) == before | gone
    assert books.read(lambda work: [item.open for item in recoupments(work)]) == []
    again = books.write(lambda work: post_remittance(work, one)).value
    assert again.payment_id != payment
    posted = {**after, "1050": after["1050"] + 132_65, "1000": -132_65}
    assert books.read(balances) == posted
    verify(books)


def test_a_check_that_took_money_back_goes_back_and_the_first_answer_stands(
    books: Office, desk: ClaimDesk
) -> None:
    first, second = send_claim(books, desk), send_claim(books, desk, code="90834")
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=first.days[0])
    paid = claim(first.account, line, patient=ALMA, payer_number="ICN1")
    one = read(books, era(paid, trace="EFT1"), "one.835")
    books.write(lambda work: post_remittance(work, one))
    stood = owed(books, first)
    more = service("90834", "160", cas="CO45=10 PR3=30", day=second.days[0])
    other = claim(second.account, more, patient=ALMA, payer_number="ICN2")
    two = read(books, era(reversal_of(paid), other, trace="EFT2"), "two.835")
    books.write(lambda work: post_remittance(work, two))
    assert (owed(books, first), owed(books, second)) == ((130_00, 30_00), (0, 30_00))
    bounce(books, two)
    verify(books)
    assert (owed(books, first), owed(books, second)) == (stood, (130_00, 30_00))
    books.write(lambda work: post_remittance(work, two))
    assert (owed(books, first), owed(books, second)) == ((130_00, 30_00), (0, 30_00))
    verify(books)


def test_a_check_that_a_later_one_rests_on_does_not_go_back_before_it(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    said = claim(sent.account, line, patient=ALMA, payer_number="ICN1")
    one = read(books, era(said, trace="EFT1", plb=[plb("WO", "-60", "A")]), "one.835")
    books.write(lambda work: post_remittance(work, one))
    other = send_claim(books, desk, code="90834")
    more = service("90834", "160", cas="CO45=10 PR3=30", day=other.days[0])
    takes = claim(other.account, more, patient=ALMA, payer_number="ICN2")
    two = read(books, era(takes, trace="EFT2", plb=[plb("WO", "60", "A")]), "two.835")
    books.write(lambda work: post_remittance(work, two))
    with pytest.raises(Problem, match="REM-2026-00002 has settled RCP-2026-00001") as refused:
        bounce(books, one)
    assert refused.value.hint.endswith("Undo REM-2026-00002 first.")
    verify(books)


def balances(work: Work) -> dict[str, int]:
    """What every account holds, in cents."""
    rows = work.db.execute(
        select(JournalLine.account, func.sum(JournalLine.amount)).group_by(JournalLine.account)
    )
    return {account: total.cents for account, total in rows if total.cents}
