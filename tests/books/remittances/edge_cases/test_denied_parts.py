"""A denial beside what is settled: of a line, of a claim, of a claim answered in pieces."""

from __future__ import annotations

from fscdesk.models.charge import Charge
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.remittance import Fate
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.claims.denials import DenialFilter, page_of_denials
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.reading_items import read_items
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_matching import ALMA, SentClaim
from tests.support.eras import claim

OPEN = (130_00, 30_00)
SETTLED = (0, 30_00)
APPROVED, DENIED, PENDING = BillingStatus.APPROVED, BillingStatus.DENIED, BillingStatus.PENDING


def sessions(edge: EraOffice, one: SentClaim) -> list[BillingStatus]:
    """How the session of each line stands."""

    def look(work: Work) -> list[BillingStatus]:
        charges = [work.db.get_one(Charge, each) for each in one.charges]
        return [work.db.get_one(Session, each.session_id).billing_status for each in charges]

    return edge.books.read(look)


def denials(edge: EraOffice) -> list[QueueItem]:
    """What the queue says of denials."""
    return list(edge.books.read(lambda work: read_items(work, (ItemKind.DENIED,))))


def test_one_line_of_three_is_denied_alone(edge: EraOffice) -> None:
    one = edge.send(sessions=3)
    edge.says(edge.answer(one, KEPT, "CO97=160", KEPT))
    assert edge.stands(one)[0] is ClaimStatus.PARTIALLY_PAID
    assert sessions(edge, one) == [APPROVED, DENIED, APPROVED]
    assert [edge.owed(one, at) for at in range(3)] == [SETTLED, OPEN, SETTLED]
    (found,) = denials(edge)
    assert (found.amount, found.claim_id) == (Money(130_00), one.id)
    assert "(CO-97)" in found.title
    edge.verify()


def test_a_denied_line_waits_also_while_the_rest_of_its_claim_is_silent(edge: EraOffice) -> None:
    one = edge.send(sessions=3)
    whole = edge.answer(one, KEPT, "CO97=160", KEPT)
    part = claim(one.account, *whole.services[:2], patient=ALMA)
    page = edge.says(part)
    assert edge.stands(one)[0] is ClaimStatus.ACCEPTED
    assert sessions(edge, one) == [APPROVED, DENIED, PENDING]
    (found,) = denials(edge)
    assert (found.amount, found.claim_id) == (Money(130_00), one.id)
    assert found.due_on is not None, "the time of the appeal runs from the denial"
    span = Span(0, 9, "deadline")
    listed = edge.books.read(lambda work: page_of_denials(work, DenialFilter(), span))
    assert [(row.line, row.open) for row in listed.rows] == [(2, Money(130_00))]
    edge.says(claim(one.account, whole.services[2], patient=ALMA, payer_number="ICN0002"))
    assert edge.stands(one)[0] is ClaimStatus.PARTIALLY_PAID
    assert [item.key for item in denials(edge)] == [found.key]
    edge.verify()
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "The wrong file"))
    assert denials(edge) == []


def test_what_a_line_makes_the_clients_beside_a_denial_is_settled(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, "CO45=30 PR1=50 CO97=80"))
    found = only(page)
    assert (found.fate, found.lines[0].denied) == (Fate.POSTED, "CO-97")
    assert edge.owed(one) == (80_00, 50_00)
    assert edge.moved() == {"4900": 30_00}
    (item,) = denials(edge)
    assert item.amount == Money(80_00), "only what is denied is at stake"
    edge.verify()
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "The wrong file"))
    assert (edge.owed(one), edge.moved(), denials(edge)) == (OPEN, {}, [])


def test_a_claim_that_is_denied_moves_nothing_to_the_client(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, "PR1=80 CO97=80", status="4"))
    assert (edge.owed(one), edge.moved()) == (OPEN, {})
    assert denials(edge)[0].amount == Money(130_00)
    edge.verify()


def test_a_later_denial_leaves_a_session_that_was_settled(edge: EraOffice) -> None:
    one = edge.send(sessions=2)
    edge.says(edge.answer(one, KEPT, KEPT))
    edge.says(edge.answer(one, "CO97=160", "CO97=160", payer_number="ICN0002"))
    assert sessions(edge, one) == [APPROVED, APPROVED]
    assert edge.stands(one)[0] is ClaimStatus.PAID
    assert denials(edge) == []
    edge.verify()
