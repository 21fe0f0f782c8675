"""What waits of remittances: to post, what stays of them, recoupments, paid too little."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.remittance import Remittance, RemittanceStatus, Unposted
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem
from fscdesk.services.queue.listing_items import QueueFilter, page_of_items
from fscdesk.services.remittances.accepting_less import accept_less, take_up_again
from fscdesk.services.remittances.answered import Cas, Plb
from fscdesk.services.remittances.closing import set_aside
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import explain
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Topic, Work
from tests.support.invoices import open_practice
from tests.support.payments import Till
from tests.support.remittances_made import (
    claim,
    kept,
    line,
    posted,
    remittance,
    staying,
    to_explain,
    will_take,
)


@pytest.fixture
def till(books: Office) -> Till:
    """A practice with open charges."""
    return books.write(open_practice).value


def items(books: Office, kind: ItemKind) -> list[QueueItem]:
    wanted = QueueFilter(kinds=(kind.value,))
    return list(books.read(lambda work: page_of_items(work, wanted, Span(0, 100, "lost"))).rows)


def post_strange(books: Office, till: Till, *taken: Plb) -> int:
    """A remittance of one claim of 500.00 that is not ours, posted as far as it goes."""
    strange = claim(1, line(None, 500_00))

    def act(work: Work) -> int:
        one = kept(work, remittance(till.payer, strange, plbs=taken))
        decided = [will_take(plb) if plb.cents < 0 else to_explain(plb) for plb in taken]
        posted(work, one, [staying(strange, Unposted.NOT_OURS)], decided)
        return one

    return books.write(act).value


def test_a_remittance_waits_to_be_posted_and_a_stopped_one_is_urgent(
    books: Office, till: Till
) -> None:
    one = books.write(
        lambda work: kept(work, remittance(till.payer, claim(1, line(None, 500_00))))
    ).value
    (found,) = items(books, ItemKind.REMITTANCE)
    assert (found.remittance_id, found.amount) == (one, Money(500_00))
    assert (found.urgency, found.opens.place) == (Urgency.MEDIUM, "remittance")
    assert items(books, ItemKind.UNPOSTED) == []  # the remittance stands for its claims

    def stop(work: Work) -> None:
        work.db.execute(
            update(Remittance).values(
                status=RemittanceStatus.STOPPED, reason="The check is off by 5.00."
            )
        )
        work.touch(Topic.REMITTANCES)

    books.write(stop)
    (stopped,) = items(books, ItemKind.REMITTANCE)
    assert stopped.urgency is Urgency.HIGH
    assert "off by 5.00" in stopped.title


def test_what_stays_of_a_posted_remittance_waits_with_its_reason(books: Office, till: Till) -> None:
    one = post_strange(books, till)
    assert items(books, ItemKind.REMITTANCE) == []
    (found,) = items(books, ItemKind.UNPOSTED)
    assert found.title == "Not posted: It is not ours"
    assert (found.amount, found.remittance_id) == (Money(500_00), one)
    assert items(books, ItemKind.CREDIT) == []  # its money is this thing's, not a credit's too
    claim_id = int(found.key.partition(":")[2])
    books.write(lambda work: set_aside(work, claim_id, "of another practice"))
    assert items(books, ItemKind.UNPOSTED) == []
    (left,) = items(books, ItemKind.CREDIT)  # it was paid to us, and belongs to somebody
    assert left.amount == Money(500_00)
    books.write(lambda work: undo_remittance(work, one, "of another practice"))
    assert items(books, ItemKind.CREDIT) == []


def test_what_a_payer_took_waits_until_it_is_explained(books: Office, till: Till) -> None:
    post_strange(books, till, Plb(1, "WO", "A-1", 30_00), Plb(2, "FB", "B-2", -20_00))
    taken, coming = items(books, ItemKind.RECOUPMENT)
    assert (taken.amount, taken.urgency) == (Money(30_00), Urgency.MEDIUM)
    assert "A-1" in taken.why
    assert (coming.amount, coming.urgency) == (Money(20_00), Urgency.LOW)
    assert items(books, ItemKind.CREDIT) == []  # what it will take is no credit to give back
    item_id = int(taken.key.partition(":")[2])
    books.write(lambda work: explain(work, item_id, "7620", "A penalty"))
    assert [one.key for one in items(books, ItemKind.RECOUPMENT)] == [coming.key]


def test_what_was_paid_below_what_is_expected_waits(books: Office, till: Till) -> None:
    def act(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=till.payer, valid_from=date(2026, 1, 1))
        work.db.add(one)
        work.db.flush()
        fee = Fee(schedule_id=one.id, code="90837", charged=Money(160_00), expected=Money(140_00))
        work.db.add(fee)
        low = line(till.copays[0], 100_00, Cas("CO", "45", 60_00))
        post_remittance(work, kept(work, remittance(till.payer, claim(1, low))))

    books.write(act)
    (found,) = items(books, ItemKind.UNDERPAID)
    assert (found.amount, found.title) == (Money(40_00), "Underpaid by 40.00")
    line_id = int(found.key.partition(":")[2])
    assert found.opens.asked == {"tab": "underpaid", "view": "open", "row": line_id}
    books.write(lambda work: accept_less(work, [line_id], "The contract says so since March"))
    assert items(books, ItemKind.UNDERPAID) == []
    books.write(lambda work: take_up_again(work, [line_id]))
    assert [one.key for one in items(books, ItemKind.UNDERPAID)] == [found.key]
