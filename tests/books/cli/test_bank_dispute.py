"""Disputes of card payments from the command line."""

from __future__ import annotations

from dataclasses import replace

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from tests.support.cli import run_cli
from tests.support.payments import cents, open_till, pay, received, verify

NUMBER = "PAY-2026-00001"


def carded(books: Office) -> None:
    """A card payment of 30.00 for a copay."""
    till = books.write(open_till).value
    new = pay(till, 30_00, Application(till.copays[0], Money(30_00)))
    received(books, replace(new, method=PaymentMethod.CARD))


def test_a_part_is_charged_back_won_and_undone(books: Office, practice: str) -> None:
    carded(books)
    at = ("--practice", practice)
    part = run_cli(
        *("bank", "dispute", NUMBER, "--amount", "12.00", "--fee", "15.00"),
        *("--reason", "Disputed", *at),
    )
    assert part.out == (
        f"12.00 of {NUMBER} is charged back; 1 charge open again. A fee of 15.00 is charged.\n"
    ), part.err
    assert books.read(lambda work: cents(work, "1000")) == -12_00
    won = run_cli("bank", "dispute", NUMBER, "--won", "--reason", "Won", "--json", *at)
    assert (won.json["amount"], len(won.json["paid"])) == ("12.00", 1), won.err
    assert books.read(lambda work: cents(work, "1000")) == 0
    undone = run_cli("bank", "dispute", NUMBER, "--undo", "--reason", "Not yet", *at)
    assert undone.out == f"The last act on the dispute of {NUMBER} is taken back.\n"
    assert books.read(lambda work: cents(work, "1000")) == -12_00
    for words, fee in (((), -15_00), (("--drop-fee",), 0)):  # with a part only if it is said
        won = run_cli(
            *("bank", "dispute", NUMBER, "--won", "--amount", "2.00", *words, "--reason", "Won"),
            *at,
        )
        assert won.status == 0, won.err
        assert books.read(lambda work: cents(work, "4300")) == fee
    verify(books)


def test_what_makes_no_sense_is_refused(books: Office, practice: str) -> None:
    carded(books)
    for words, said in (
        ((), "How much was charged back is missing"),
        (("--won", "--undo"), "not both"),
        (("--undo", "--amount", "1.00"), "taken back whole"),
        (("--won", "--fee", "1.00"), "with the part"),
        (("--amount", "1.00", "--keep-fee"), "--keep-fee belongs to --won"),
        (("--amount", "1.00", "--drop-fee"), "--drop-fee belongs to --won"),
        (("--amount", "30.00"), "is the whole of payment"),
    ):
        done = run_cli("bank", "dispute", NUMBER, *words, "--reason", "x", "--practice", practice)
        assert (done.status, said in done.err) == (2, True), done.err
    gone = run_cli(*("bank", "dispute", "PAY-1", "--won", "--reason", "x", "--practice", practice))
    assert "There is no payment PAY-1" in gone.err
