"""An underpayment is left at what the payer gave, with a reason, and taken up again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.remittance import RemittanceLine
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.accepting_less import accept_less, take_up_again
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.underpayments import (
    UnderpaymentFilter,
    UnderpaymentRow,
    page_of_underpayments,
    underpayment_counts,
)
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.queue_items import items_of
from tests.support.remittance_acts import post
from tests.support.remittances_made import PAID_ON, claim, line, remittance

WHY = "The contract changed"


@pytest.fixture
def agreed(books: Office, till: Till) -> Till:
    """The payer has agreed to allow 140.00 for 90837."""

    def act(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=till.payer, valid_from=PAID_ON.replace(month=1))
        work.db.add(one)
        work.db.flush()
        fee = Fee(schedule_id=one.id, code="90837", charged=Money(160_00), expected=Money(140_00))
        work.db.add(fee)

    books.write(act)
    return till


def pay(
    books: Office,
    till: Till,
    paid: int,
    *,
    charge: int = 0,
    trace: str = "EFT1",
    before: int = 0,
) -> int:
    """Post an answer that pays so much, beside the copay; return the remittance.

    ``before`` is what it says that it has paid already.
    """
    cas = [Cas("CO", "45", 100_00 + 30_00 - paid - before), Cas("PR", "3", 30_00)]
    cas += [Cas("OA", "B13", before)] if before else []
    said = claim(1, line(till.copays[charge], paid, *cas), payer_number=f"ICN{trace}")
    return post(books, remittance(till.payer, said, trace=trace))


def rows(books: Office, view: str) -> list[UnderpaymentRow]:
    """What a view of the list shows."""
    span = Span(0, 10, "day")
    wanted = UnderpaymentFilter(view=view)
    return list(books.read(lambda work: page_of_underpayments(work, wanted, span)).rows)


def views(books: Office) -> dict[str, int]:
    """How many each view has."""
    return books.read(underpayment_counts)


def test_it_leaves_the_list_and_the_queue_and_moves_no_money(books: Office, agreed: Till) -> None:
    pay(books, agreed, 80_00)
    (one,) = rows(books, "open")
    (waits,) = items_of(books, ItemKind.UNDERPAID)
    assert waits.key == f"underpaid:{one.line_id}"
    before = books.read(lambda work: [cents(work, code) for code in ("1110", "4900", "2410")])
    assert books.write(lambda work: accept_less(work, [one.line_id], f"  {WHY} ")).value == 1
    assert views(books) == {"open": 0, "accepted": 1, "corrected": 0, "all": 1}
    (left,) = rows(books, "accepted")
    assert (left.accepted_why, left.short) == (WHY, Money(30_00))
    assert items_of(books, ItemKind.UNDERPAID) == []
    assert books.read(lambda work: [cents(work, code) for code in ("1110", "4900", "2410")]) == (
        before
    )

    def kept(work: Work) -> tuple[int | None, datetime | None]:
        row = work.db.get_one(RemittanceLine, one.line_id)
        return row.accepted_by, row.accepted_at

    by, at = books.read(kept)
    assert by is not None
    assert at is not None
    assert at.tzinfo is UTC
    verify(books)


def test_it_is_taken_up_again_and_accepted_anew(books: Office, agreed: Till) -> None:
    pay(books, agreed, 80_00)
    (one,) = rows(books, "open")
    with pytest.raises(Problem, match="was not accepted"):
        books.write(lambda work: take_up_again(work, [one.line_id]))
    books.write(lambda work: accept_less(work, [one.line_id], WHY))
    assert books.write(lambda work: take_up_again(work, [one.line_id])).value == 1
    assert views(books)["open"] == 1
    assert rows(books, "open")[0].accepted_why == ""
    assert len(items_of(books, ItemKind.UNDERPAID)) == 1
    books.write(lambda work: accept_less(work, [one.line_id], WHY))
    verify(books)


def test_several_are_accepted_together_or_none(books: Office, agreed: Till) -> None:
    pay(books, agreed, 80_00)
    pay(books, agreed, 70_00, charge=1, trace="EFT2")
    first, second = (one.line_id for one in rows(books, "open"))
    books.write(lambda work: accept_less(work, [first], WHY))
    with pytest.raises(Problem, match="accepted already"):
        books.write(lambda work: accept_less(work, [first, second], "Again"))
    assert views(books)["open"] == 1
    with pytest.raises(Problem, match="not in the books any more"):
        books.write(lambda work: accept_less(work, [second, 99], WHY))
    with pytest.raises(Problem, match="reason"):
        books.write(lambda work: accept_less(work, [second], "  "))
    assert views(books)["open"] == 1
    assert books.write(lambda work: accept_less(work, [second, second], WHY)).value == 1
    assert views(books)["accepted"] == 2


def test_a_newer_answer_is_a_new_question(books: Office, agreed: Till) -> None:
    pay(books, agreed, 80_00)
    (one,) = rows(books, "open")
    books.write(lambda work: accept_less(work, [one.line_id], WHY))
    again = pay(books, agreed, 10_00, trace="EFT2", before=80_00)
    (newer,) = rows(books, "open")
    assert (newer.line_id != one.line_id, newer.short) == (True, Money(20_00))
    assert views(books)["accepted"] == 0
    books.write(lambda work: undo_remittance(work, again, "Not ours"))
    assert [row.line_id for row in rows(books, "accepted")] == [one.line_id]
    verify(books)


def test_what_was_undone_is_not_accepted_and_stays_accepted_when_posted_again(
    books: Office, agreed: Till
) -> None:
    made = pay(books, agreed, 80_00)
    (one,) = rows(books, "open")
    books.write(lambda work: undo_remittance(work, made, "Not ours"))
    with pytest.raises(Problem, match="not posted any more"):
        books.write(lambda work: accept_less(work, [one.line_id], WHY))
    books.write(lambda work: post_remittance(work, made))
    books.write(lambda work: accept_less(work, [one.line_id], WHY))
    books.write(lambda work: undo_remittance(work, made, "Not ours"))
    books.write(lambda work: post_remittance(work, made))
    assert views(books)["accepted"] == 1
