"""What a day takes, asked before an entry is written: the same that posting then says."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.staff import Role
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.entry_days import day_takes
from fscdesk.services.accounting.journal import EntryKind, ManualEntry, ManualLeg, post_manual
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.second_person import second_person

MARCH, APRIL = date(2026, 3, 10), date(2026, 4, 10)
RENT = (ManualLeg("7000", 120000), ManualLeg("1000", -120000))


def test_an_open_month_takes_everything(books: Office) -> None:
    found = books.read(lambda work: day_takes(work, APRIL, EntryKind.MANUAL))
    assert (found.takes, found.asks_reason, found.words) == (True, False, "")


def test_a_closed_month_asks_who_may_for_a_reason(books: Office) -> None:
    books.write(lambda work: close(work, MARCH))
    found = books.read(lambda work: day_takes(work, MARCH, EntryKind.MANUAL))
    assert found.takes
    assert found.asks_reason
    assert found.words == (
        "March 2026 is closed. Say why it belongs there, or choose a day from 04/01/2026 on."
    )
    assert found.first_open == date(2026, 4, 1)


def test_a_closed_month_sends_who_may_not_to_the_open_one(books: Office) -> None:
    books.write(lambda work: close(work, MARCH))
    keeper = second_person(books, Role.ACCOUNTING)
    found = keeper.read(lambda work: day_takes(work, MARCH, EntryKind.MANUAL))
    assert not found.takes
    assert not found.asks_reason
    assert found.words == "March 2026 is closed. Choose a day from 04/01/2026 on."


def test_a_soft_closed_month_takes_adjusting_entries(books: Office) -> None:
    books.write(lambda work: close(work, MARCH, soft=True))
    keeper = second_person(books, Role.ACCOUNTING)
    found = keeper.read(lambda work: day_takes(work, MARCH, EntryKind.ADJUSTING))
    assert (found.takes, found.asks_reason) == (True, False)
    assert found.words == "March 2026 is soft-closed. It still takes adjusting entries."
    assert not keeper.read(lambda work: day_takes(work, MARCH, EntryKind.MANUAL)).takes


@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize("kind", [EntryKind.MANUAL, EntryKind.ADJUSTING])
@pytest.mark.parametrize("role", [Role.ACCOUNTING, Role.CFO])
def test_posting_says_the_same(books: Office, role: Role, kind: EntryKind, *, soft: bool) -> None:
    books.write(lambda work: close(work, MARCH, soft=soft))
    person = second_person(books, role)
    found = person.read(lambda work: day_takes(work, MARCH, kind))
    entry = ManualEntry(
        MARCH, "Rent", RENT, kind, late_reason="It came late" if found.asks_reason else None
    )
    if found.takes:
        assert person.write(lambda work: post_manual(work, entry)).value.id
    else:
        with pytest.raises(Problem):
            person.write(lambda work: post_manual(work, entry))


def test_who_may_not_post_hears_it_before_typing(books: Office) -> None:
    clerk = second_person(books, Role.BILLING_CLERK)
    found = clerk.read(lambda work: day_takes(work, work.today(), EntryKind.MANUAL))
    assert (found.takes, found.asks_reason) == (False, False)
    assert found.words == "You may not post journal entries. Ask who keeps the books."
