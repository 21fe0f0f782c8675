"""What is kept of a remittance before anything is posted: once, whole, and stopped where needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import (
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.remittances.answered import AnsweredRemittance, Plb
from fscdesk.services.remittances.keeping import NewFile, keep
from fscdesk.services.remittances.loading import load, load_many
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import explain, pair, unpair
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Topic, Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, verify
from tests.support.remittances_made import CONTRACT, DEDUCTIBLE, claim, kept, line, remittance
from tests.support.second_person import without

FILE = NewFile("payer.835", b"ISA*00*", ("Line 3: a segment that is not known",))


def usual(till: Till) -> AnsweredRemittance:
    paid = claim(1, line(till.copays[0], 91_40, CONTRACT, DEDUCTIBLE))
    return remittance(till.payer, paid, plbs=(Plb(1, "WO", "A", -60_00),))


def test_a_remittance_is_kept_with_its_file_and_nothing_is_posted(
    books: Office, till: Till
) -> None:
    done = books.write(lambda work: keep(work, FILE, [usual(till)]))
    (one,) = done.value
    assert Topic.REMITTANCES in done.topics

    def look(work: Work) -> None:
        row = work.db.get_one(Remittance, one)
        assert (row.number, row.status) == ("REM-2026-00001", RemittanceStatus.TO_POST)
        assert (row.origin, row.unposted, row.payment_id) == (RemittanceOrigin.ERA, 1, None)
        file = work.db.get_one(RemittanceFile, row.file_id)
        assert (file.name, file.content, file.oddities) == (
            "payer.835",
            b"ISA*00*",
            "Line 3: a segment that is not known",
        )
        item = work.db.scalars(select(Recoupment)).one()
        assert (item.undone, item.open.cents, item.amount.cents) == (True, 0, -60_00)

    books.read(look)
    verify(books)


def test_the_same_check_is_kept_once_and_the_same_bytes_are_one_file(
    books: Office, till: Till
) -> None:
    books.write(lambda work: keep(work, FILE, [usual(till)]))
    with pytest.raises(ChangedElsewhere, match="read at another desk"):
        books.write(lambda work: keep(work, FILE, [usual(till)]))
    other = replace(usual(till), trace="EFT0002")
    books.write(lambda work: keep(work, FILE, [other]))

    def counts(work: Work) -> tuple[int | None, int | None]:
        return (
            work.db.scalar(select(func.count(Remittance.id))),
            work.db.scalar(select(func.count(RemittanceFile.id))),
        )

    assert books.read(counts) == (2, 1)
    verify(books)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"check_off": 12_00, "amount": 163_40}, r"does not balance: 12\.00 more"),
        ({"check_off": -12_00, "amount": 139_40}, r"does not balance: 12\.00 less"),
        ({"claims_off": 1}, "1 of its claims and 0 of its services"),
        ({"test": True}, "is a test"),
        ({"readable": False}, "could not be read"),
    ],
)
def test_what_a_person_must_see_first_is_stopped(
    books: Office, till: Till, change: dict[str, Any], words: str
) -> None:
    said = replace(usual(till), **change)
    one = books.write(lambda work: kept(work, said)).value
    row = books.read(lambda work: work.db.get_one(Remittance, one))
    assert row.status is RemittanceStatus.STOPPED
    with pytest.raises(Problem, match=words):
        books.write(lambda work: post_remittance(work, one))
    verify(books)


def test_what_contradicts_another_one_is_kept_beside_it_and_stopped(
    books: Office, till: Till
) -> None:
    first = books.write(lambda work: kept(work, usual(till))).value
    other = replace(usual(till), paid_on=usual(till).paid_on.replace(day=8))

    def act(work: Work) -> int:
        return keep(work, None, [other], conflicts={0: first})[0]

    second = books.write(act).value
    row = books.read(lambda work: work.db.get_one(Remittance, second))
    assert (row.status, row.conflict_id, row.identity) == (RemittanceStatus.STOPPED, first, None)
    assert "says something else" in row.reason
    verify(books)


def test_what_nobody_knows_is_kept_without_a_payer_and_not_posted(
    books: Office, till: Till
) -> None:
    strange = replace(usual(till), payer_id=None)
    one = books.write(lambda work: kept(work, strange)).value
    assert books.read(lambda work: load(work, one)).payer_id is None
    with pytest.raises(Problem, match="Choose the payer"):
        books.write(lambda work: post_remittance(work, one))
    verify(books)


def test_keeping_and_posting_are_all_or_nothing(books: Office, till: Till) -> None:
    assert_all_or_nothing(books, lambda work: keep(work, FILE, [usual(till)]))
    one = books.read(lambda work: work.db.scalars(select(Remittance.id)).one())
    assert_all_or_nothing(books, lambda work: post_remittance(work, one))
    verify(books)


def test_unknown_ones_are_left_out_or_refused(books: Office, till: Till) -> None:
    assert books.read(lambda work: load_many(work, [99])) == {}
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: load(work, 99))
    with pytest.raises(Problem, match="not in the books"):
        books.write(lambda work: post_remittance(work, 99))
    with pytest.raises(Problem, match="not in the books"):
        books.write(lambda work: undo_claim(work, 99, "A slip"))


@pytest.mark.parametrize(
    ("right", "act"),
    [
        (Right.POST_PAYMENT, lambda work: keep(work, None, [])),
        (Right.POST_PAYMENT, lambda work: post_remittance(work, 1)),
        (Right.CORRECT_PAYMENT, lambda work: undo_claim(work, 1, "A slip")),
        (Right.CORRECT_PAYMENT, lambda work: undo_remittance(work, 1, "A slip")),
        (Right.POST_PAYMENT, lambda work: pair(work, 1, 2, "A slip")),
        (Right.ADJUST, lambda work: explain(work, 1, "7620", "A slip")),
        (Right.CORRECT_PAYMENT, lambda work: unpair(work, 1, "A slip")),
    ],
)
def test_nobody_does_it_without_the_right(
    books: Office, right: Right, act: Callable[[Work], Any]
) -> None:
    with pytest.raises(Problem, match="You may not"):
        without(books, right).write(act)


def test_long_remarks_are_kept_as_whole_codes(books: Office, till: Till) -> None:
    remarks = tuple(f"N{at}" for at in range(100, 180))
    said = remittance(
        till.payer,
        claim(1, replace(line(till.copays[0], 130_00), remarks=remarks), remarks=remarks),
    )
    one = books.write(lambda work: kept(work, said)).value
    back = books.read(lambda work: load(work, one)).claims[0]
    assert back.remarks == back.lines[0].remarks == remarks[: len(back.remarks)]
    stored = books.read(lambda work: work.db.scalars(select(RemittanceClaim.remarks)).one())
    assert 190 < len(stored) <= 200
