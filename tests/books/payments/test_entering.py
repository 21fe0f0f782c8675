"""Who may have paid, and what is kept of a half-entered payment, on both databases."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from fscdesk.models.staff import Staff
from fscdesk.models.values import Money, StaffId
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.drafts import drafts, forget_draft, keep_draft
from fscdesk.services.payments.entering import Entry, find_sources, receive_entry, source_of
from fscdesk.services.work import Actor, Work
from tests.support.payments import DAY, Till, cents
from tests.support.people import add_guarantor, add_patient


def found(books: Office, typed: str) -> list[tuple[str, str]]:
    sources = books.read(lambda work: find_sources(work, typed))
    return [(one.kind, one.name) for one in sources]


def test_letters_find_payers_guarantors_and_clients(books: Office, till: Till) -> None:
    def family(work: Work) -> None:
        parent = add_guarantor(work, "Zora Parentis", "G-9")
        add_patient(work, "Éxa Kindling", "P-9", guarantor=parent)

    books.write(family)
    assert found(books, "exa") == [("payer", "Example East"), ("guarantor", "Zora Parentis")]
    assert found(books, "kind") == [("guarantor", "Zora Parentis")]
    assert found(books, "alm any") == [("guarantor", "Alma Anyone")]
    assert found(books, "zzz") == found(books, " ") == []
    parent = books.read(lambda work: find_sources(work, "zora"))[0]
    assert [name for _one, name in parent.patients] == ["Éxa Kindling"]


def test_who_is_not_in_the_books_is_refused(books: Office, till: Till) -> None:
    for ask in (
        partial(source_of, payer_id=999),
        partial(source_of, guarantor_id=999),
        partial(source_of, patient_id=999),
    ):
        with pytest.raises(Problem, match="not in the books"):
            books.read(ask)
    assert books.read(lambda work: source_of(work, patient_id=till.ben)).id == till.ben_pays


def test_a_rest_that_nobody_named_is_refused(books: Office, till: Till) -> None:
    source = books.read(lambda work: source_of(work, guarantor_id=till.alma_pays))
    entry = Entry(
        source, Money(50_00), "check", DAY, DAY, "key-1", parts=((till.copays[0], Money(30_00)),)
    )
    with pytest.raises(Problem, match=r"20\.00 of the payment is left"):
        books.write(lambda work: receive_entry(work, entry))
    assert books.read(lambda work: cents(work, "1050")) == 0
    kept = replace(entry, rest_kind="retainer", rest_patient=till.alma)
    assert books.write(lambda work: receive_entry(work, kept)).value.unapplied == Money(20_00)


def test_a_draft_is_its_own_persons_and_the_newest_comes_first(books: Office) -> None:
    books.write(lambda work: keep_draft(work, "payer:1", {"head": {"amount": "5"}}))
    books.write(lambda work: keep_draft(work, "payer:1", {"head": {"amount": "6"}}))
    assert [one.content["head"]["amount"] for one in books.read(drafts)] == ["6"]

    def other(work: Work) -> int:
        person = Staff(login="milo", name="Milo Mock", created_at=work.now())
        work.db.add(person)
        work.db.flush()
        work.actor = Actor(StaffId(person.id), "Milo Mock")
        return len(drafts(work))

    assert books.write(other).value == 0
    books.write(lambda work: forget_draft(work, "payer:1"))
    assert books.read(drafts) == ()
