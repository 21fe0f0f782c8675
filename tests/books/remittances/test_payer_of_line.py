"""Who sent money that the bank shows: a person's word first, then the id beside the trace."""

from __future__ import annotations

from fscdesk.models.payer import Payer
from fscdesk.services.banking.rules import add_rule
from fscdesk.services.office import Office
from fscdesk.services.remittances.payer_of_line import payer_of_line
from fscdesk.services.work import Work
from tests.support.bank_books import line
from tests.support.people import add_payer

WORDS = "FICTA HCCLAIMPMT TRN*1*EFT0009*1999000001\\"


def payer(work: Work, name: str, code: str, *, active: bool = True) -> int:
    """Add a payer with an id of its own."""
    ident = add_payer(work, name)
    row = work.db.get_one(Payer, ident)
    row.payer_code, row.active = code, active
    work.db.flush()
    return ident


def found(books: Office, words: str = WORDS) -> int | None:
    ident = books.write(lambda work: line(work, "4/9", 88_00, words)).value
    return books.read(lambda work: payer_of_line(work, ident))


def test_the_senders_id_is_the_payers_own_behind_a_one(books: Office) -> None:
    assert found(books) is None
    ident = books.write(lambda work: payer(work, "Ficta", "999000001")).value
    books.write(lambda work: payer(work, "Ficta of old", "999000001", active=False))
    assert found(books) == ident
    assert found(books, "DEPOSIT") is None
    books.write(lambda work: payer(work, "Ficta too", "1999000001"))
    assert found(books) is None, "two payers have this id: a person says which"


def test_what_a_person_said_of_the_words_goes_first(books: Office) -> None:
    books.write(lambda work: payer(work, "Ficta", "999000001"))
    other = books.write(lambda work: payer(work, "Other Health", "777")).value
    books.write(lambda work: add_rule(work, 1, WORDS, money_in=True, payer_id=other))
    assert found(books) == other
    assert found(books, "SOMETHING ELSE TRN*1*EFT0010*777\\") == other
