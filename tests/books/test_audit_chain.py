"""The record of acts is one chain, however many a transaction adds and takes back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.services.audit import broken_links, missing_records, record
from fscdesk.services.numbering import next_number, reserve_numbers
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.second_person import at_once, winners


def whole(books: Office) -> None:
    assert books.read(lambda work: (list(broken_links(work)), missing_records(work))) == ([], 0)


def acts(books: Office) -> list[int | None]:
    found = select(AuditEvent.noun_id).where(AuditEvent.noun == "thing").order_by(AuditEvent.id)
    return books.read(lambda work: list(work.db.scalars(found)))


def test_several_of_one_transaction_follow_each_other(books: Office) -> None:
    def act(work: Work) -> None:
        for number in (1, 2, 3):
            record(work, "try", "thing", number, of=[number])

    books.write(act)
    books.write(act)
    assert acts(books) == [1, 2, 3, 1, 2, 3]
    whole(books)


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_a_savepoint_takes_back_is_no_link(books: Office, before: int) -> None:
    def act(work: Work) -> None:
        for number in range(before):
            record(work, "try", "thing", number)
        for number in (10, 20):
            nested = work.db.begin_nested()
            record(work, "try", "thing", number)
            record(work, "try", "thing", number + 1)
            nested.rollback()
        record(work, "try", "thing", 30)
        with work.db.begin_nested():
            record(work, "try", "thing", 40)
        record(work, "try", "thing", 50)

    books.write(act)
    assert acts(books) == [*range(before), 30, 40, 50]
    whole(books)


def test_a_refused_act_leaves_the_chain_as_it_was(books: Office) -> None:
    def act(work: Work) -> None:
        record(work, "try", "thing", 1)
        raise KeyError

    with pytest.raises(KeyError):
        books.write(act)
    books.write(lambda work: record(work, "try", "thing", 2))
    assert acts(books) == [2]
    whole(books)


def test_the_first_numbers_of_a_year_of_two_desks_are_two(books: Office) -> None:
    def first(work: Work) -> str:
        return next_number(work, "XX", 2031)

    done = at_once((books, first), (books, first))
    assert sorted(winners(done)) == ["XX-2031-00001", "XX-2031-00002"]
    assert books.write(lambda work: reserve_numbers(work, "XX", 2031, 3)).value == range(3, 6)
    whole(books)
