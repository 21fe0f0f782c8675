"""Flags and notes of an account: set with what was seen, put on record without what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.patient import Guarantor, Patient, SendBy
from fscdesk.services.billing.account_notes import (
    LONGEST,
    NoteRow,
    add_note,
    edit_note,
    notes_of,
    pin_note,
)
from fscdesk.services.billing.flags import AccountFlags, FlagsRow, flags_of, set_flags
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till
from tests.support.second_person import at_once, clerk, manager, nobody, without
from tests.support.write_offs import TODAY

FLAGS = AccountFlags(
    deceased_on=date(2026, 4, 1), bad_address=True, do_not_bill=True, billing_type="Hardship"
)


def seen(books: Office, till: Till) -> FlagsRow:
    return books.read(lambda work: flags_of(work, till.alma))


def flagged(books: Office, row: FlagsRow, fields: AccountFlags) -> frozenset[str]:
    def act(work: Work) -> frozenset[str]:
        return set_flags(
            work,
            row.patient_id,
            fields,
            patient_version=row.patient_version,
            guarantor_version=row.guarantor_version,
        )

    return books.write(act).value


def notes(books: Office, till: Till) -> tuple[NoteRow, ...]:
    return books.read(lambda work: notes_of(work, till.alma))


def test_flags_stand_with_the_patient_and_with_who_pays(books: Office, till: Till) -> None:
    row = seen(books, till)
    assert row.fields == AccountFlags()
    assert flagged(books, row, FLAGS) == {
        "deceased_on",
        "bad_address",
        "do_not_bill",
        "billing_type",
    }
    assert seen(books, till).fields == FLAGS

    def look(work: Work) -> None:
        assert work.db.get_one(Patient, till.alma).deceased_on == date(2026, 4, 1)
        pays = work.db.get_one(Guarantor, till.alma_pays)
        assert (pays.bad_address, pays.do_not_bill) == (True, True)
        told = work.db.scalars(select(AuditEvent).filter_by(action="flag_guarantor")).one()
        assert told.detail["old"]["do_not_bill"] is False
        assert told.detail["new"]["do_not_bill"] is True

    books.read(look)
    assert flagged(books, seen(books, till), FLAGS) == frozenset()


def test_who_saw_older_flags_is_told(books: Office, till: Till) -> None:
    row = seen(books, till)
    for stale in (
        replace(row, patient_version=row.patient_version + 1),
        replace(row, guarantor_version=row.guarantor_version + 1),
    ):
        with pytest.raises(ChangedElsewhere):
            flagged(books, stale, FLAGS)

    def act(desk: Office) -> tuple[Office, Any]:
        return desk, lambda work: set_flags(
            work, till.alma, FLAGS, patient_version=1, guarantor_version=1
        )

    both = at_once(act(books), act(manager(books)))
    assert sorted(type(one).__name__ for one in both) == ["ChangedElsewhere", "frozenset"]


def test_flags_that_cannot_be(books: Office, till: Till) -> None:
    row = seen(books, till)
    for fields, words in (
        (AccountFlags(deceased_on=TODAY + timedelta(days=1)), "has not come yet"),
        (AccountFlags(billing_type="x" * 25), "25 letters; 24 fit"),
        (AccountFlags(send_by=SendBy.EMAIL), "has no e-mail address"),
    ):
        with pytest.raises(Problem, match=words):
            flagged(books, row, fields)

    def born(work: Work) -> None:
        work.db.get_one(Patient, till.alma).birth_date = date(2026, 4, 2)
        work.db.get_one(Guarantor, till.alma_pays).email = "alma@example.org"

    books.write(born)
    with pytest.raises(Problem, match="before the date of birth"):
        flagged(books, seen(books, till), FLAGS)
    assert flagged(books, seen(books, till), AccountFlags(send_by=SendBy.EMAIL)) == {"send_by"}


def test_flags_need_the_right_and_are_whole_or_not_at_all(books: Office, till: Till) -> None:
    row = seen(books, till)
    for desk in (nobody(books), without(books, Right.EDIT_PATIENTS)):
        with pytest.raises(Problem, match="You may not change the flags"):
            flagged(desk, row, FLAGS)
    assert_all_or_nothing(
        books,
        lambda work: set_flags(work, till.alma, FLAGS, patient_version=1, guarantor_version=1),
    )
    with pytest.raises(Problem, match="This client is not in the books"):
        books.read(lambda work: flags_of(work, 999))


def test_notes_are_written_pinned_and_listed(books: Office, till: Till, clock: Any) -> None:
    def write(text: str) -> int:
        clock.forward(minutes=1)
        return books.write(lambda work: add_note(work, till.alma, text)).value

    first, second = write("Called; pays on Friday.  \nAsk for the card."), write("Left a message")
    assert [one.id for one in notes(books, till)] == [second, first]
    assert notes(books, till)[1].text == "Called; pays on Friday.\nAsk for the card."
    desk = clerk(books)
    desk.write(lambda work: pin_note(work, first, pinned=True, expected_version=1))
    assert [one.id for one in notes(books, till)] == [first, second]
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: edit_note(work, first, "Paid", expected_version=1))
    clock.forward(minutes=1)
    desk.write(lambda work: edit_note(work, first, "Paid by card", expected_version=2))
    row = notes(books, till)[0]
    assert (row.text, row.by, row.at, row.version) == (
        "Paid by card",
        "Cleo Clerkson",
        clock(),
        3,
    )
    told = books.read(
        lambda work: work.db.scalars(select(AuditEvent).filter_by(noun="account_note")).all()
    )
    assert [one.action for one in told] == ["add_note", "add_note", "pin_note", "edit_note"]
    assert not any("Friday" in str(one.detail) or "card" in str(one.detail) for one in told)


def test_the_same_again_changes_nothing(books: Office, till: Till) -> None:
    note = books.write(lambda work: add_note(work, till.alma, "Called", pinned=True)).value
    books.write(lambda work: edit_note(work, note, " Called ", expected_version=1))
    books.write(lambda work: pin_note(work, note, pinned=True, expected_version=1))
    assert notes(books, till)[0].version == 1
    books.write(lambda work: pin_note(work, note, pinned=False, expected_version=1))
    assert not notes(books, till)[0].pinned


def test_notes_that_cannot_be(books: Office, till: Till) -> None:
    for text, words in (
        (" \n ", "The note is empty"),
        ("x" * (LONGEST + 1), "4001 letters; 4000 fit"),
        ("a\0b", "no letter"),
    ):
        with pytest.raises(Problem, match=words):
            books.write(lambda work, text=text: add_note(work, till.alma, text))  # type: ignore[misc]
    for desk in (nobody(books), without(books, Right.EDIT_PATIENTS)):
        with pytest.raises(Problem, match="You may not write notes"):
            desk.write(lambda work: add_note(work, till.alma, "Called"))
    note = assert_all_or_nothing(books, lambda work: add_note(work, till.alma, "Called")).value
    assert_all_or_nothing(books, lambda work: edit_note(work, note, "Paid", expected_version=1))
    assert_all_or_nothing(books, lambda work: pin_note(work, note, pinned=True, expected_version=2))
