"""What surrounds a denied line, and an underpayment: who said so, the claim, what can be done."""

from __future__ import annotations

from datetime import date

from fscdesk.models.claim import Claim
from fscdesk.models.coverage import Policy
from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.remittance import Fate
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.answers import record_answer
from fscdesk.services.claims.denial_detail import DenialDetail, denial_detail
from fscdesk.services.claims.denials import DenialFilter, page_of_denials
from fscdesk.services.claims.underpaid import UnderpaymentDetail, underpayment_detail
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.answered import Cas, DecidedClaim, DecidedLine
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.remittances.underpayments import (
    UnderpaymentFilter,
    page_of_underpayments,
)
from fscdesk.services.work import Work
from tests.support.claim_acts import DENIED, TODAY, denied_claim, sent_claim, version_of
from tests.support.claims import charges_of
from tests.support.payments import open_till
from tests.support.people import add_payer
from tests.support.remittances_made import claim, kept, line, plain_line, posted, remittance

FEE = Money(140_00)
SPAN = Span(0, 10, "day")


def details(books: Office) -> list[DenialDetail]:
    """Every denied line with what surrounds it."""

    def act(work: Work) -> list[DenialDetail]:
        rows = page_of_denials(work, DenialFilter(view="all"), SPAN).rows
        return [denial_detail(work, row) for row in rows]

    return books.read(act)


def underpaid(books: Office) -> list[UnderpaymentDetail]:
    """Every underpayment with what surrounds it."""

    def act(work: Work) -> list[UnderpaymentDetail]:
        rows = page_of_underpayments(work, UnderpaymentFilter(view="all"), SPAN).rows
        return [underpayment_detail(work, row) for row in rows]

    return books.read(act)


def agree(books: Office, payer: int) -> None:
    """The payer has agreed what it allows for 90837."""

    def act(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=payer, valid_from=date(2026, 1, 1))
        work.db.add(one)
        work.db.flush()
        fee = Fee(schedule_id=one.id, code="90837", charged=Money(160_00), expected=FEE)
        work.db.add(fee)

    books.write(act)


def test_what_somebody_noted_has_no_remittance(books: Office) -> None:
    claim_id = denied_claim(books)
    (one,) = details(books)
    assert one.said is None
    assert one.page is not None
    assert one.page.row.id == claim_id
    assert {"correct", "appeal"} <= one.may
    assert (one.row.client_open, one.next_payer) == (Money(30_00), "")


def test_an_eob_is_named_that_denied_it(books: Office) -> None:
    sent_claim(books, sessions=2)
    first, second = (charges_of(books, session)[0] for session in (1, 2))
    check = NewPayment(ZERO, PaymentMethod.CHECK, TODAY, payer_id=1)
    lines = [EobLine(first, denied="16"), EobLine(second, denied="197")]
    books.write(lambda work: post_eob(work, check, lines))
    found = details(books)
    assert len({one.row.id for one in found}) == 2
    said = [one.said for one in found]
    assert said[0] is not None
    assert (said[0].paid_on, said[0].number[:4]) == (TODAY, "REM-")
    assert said[1] is not None
    assert said[1].remittance_id == said[0].remittance_id


def test_what_a_person_noted_since_is_not_the_remittances_word(books: Office) -> None:
    claim_id = sent_claim(books)
    check = NewPayment(ZERO, PaymentMethod.CHECK, TODAY, payer_id=1)
    lines = [EobLine(charges_of(books, 1)[0], denied="16")]
    books.write(lambda work: post_eob(work, check, lines))
    (one,) = details(books)
    assert one.said is not None
    seen = version_of(books, claim_id)
    books.write(lambda work: record_answer(work, claim_id, DENIED, expected_version=seen))
    (one,) = details(books)
    assert (one.said, one.row.why) == (None, "CO-197")


def test_what_was_billed_elsewhere_names_its_remittance_and_no_claim(books: Office) -> None:
    till = books.write(open_till).value
    own = claim(1, line(till.copays[0], 0), line(till.copays[1], 100_00))
    denied, part = own.lines
    lines = (DecidedLine(denied, Fate.POSTED, denied="CO-197"), plain_line(part))
    said = DecidedClaim(own, Fate.POSTED, None, "", lines)

    def act(work: Work) -> int:
        made = kept(work, remittance(till.payer, own))
        posted(work, made, [said])
        return made

    made = books.write(act).value
    (one,) = details(books)
    assert (one.page, one.may, one.next_payer) == (None, frozenset(), "")
    assert one.said is not None
    assert (one.said.remittance_id, one.said.position) == (made, 1)
    assert one.row.id % 2 == 1


def test_the_next_payer_is_named_where_a_policy_stands_behind(books: Office) -> None:
    claim_id = denied_claim(books)

    def insure(work: Work) -> None:
        policy = Policy(
            patient_id=work.db.get_one(Claim, claim_id).patient_id,
            payer_id=add_payer(work, "Second Example"),
            rank=2,
            member_id="SEC000001",
            valid_from=date(2026, 1, 1),
        )
        work.db.add(policy)

    books.write(insure)
    (one,) = details(books)
    assert one.next_payer == "Second Example"


def test_an_underpayment_knows_its_claim_its_line_and_its_history(books: Office) -> None:
    claim_id = sent_claim(books, sessions=2)
    agree(books, 1)
    first, second = (charges_of(books, session)[0] for session in (1, 2))
    copay = Cas("PR", "3", 30_00)
    own = claim(
        1,
        line(first, 100_00, Cas("CO", "45", 30_00), copay),
        line(second, 110_00, Cas("CO", "45", 20_00), copay),
    )
    books.write(lambda work: post_remittance(work, kept(work, remittance(1, own))))
    (one,) = underpaid(books)
    assert one.claim is not None
    assert (one.claim.id, one.line, one.row.charge_id) == (claim_id, 1, first)
    assert one.row.id == one.row.line_id
    assert "appeal" not in one.may
    assert one.history is not None
    assert (one.history.lines, one.history.low_lines) == (2, 1)
    assert one.history.short == Money(10_00)


def test_an_underpayment_billed_elsewhere_has_no_claim(books: Office) -> None:
    till = books.write(open_till).value
    agree(books, till.payer)
    own = claim(1, line(till.copays[0], 80_00, Cas("CO", "45", 50_00), Cas("PR", "3", 30_00)))

    def act(work: Work) -> None:
        post_remittance(work, kept(work, remittance(till.payer, own)))

    books.write(act)
    (one,) = underpaid(books)
    assert (one.claim, one.line, one.position, one.may) == (None, 0, 1, frozenset())
    assert one.history is not None
