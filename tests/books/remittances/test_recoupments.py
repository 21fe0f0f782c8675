"""What a payer settles beside its claims (PLB): each pair its own document, until it is zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.recoupment import Recoupment, RecoupmentKind, RecoupmentPair
from fscdesk.models.remittance import Fate, Remittance, Unposted
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import PAYER_INTEREST, PAYER_PENALTIES
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import DecidedClaim, DecidedLine, DecidedPlb, Plb
from fscdesk.services.remittances.recoupments import (
    explain,
    explaining_accounts,
    pair,
    pairs_of,
    recoupments,
    unpair,
)
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.remittances_made import (
    claim,
    kept,
    line,
    plain,
    posted,
    remittance,
    settles,
    staying,
    to_explain,
    will_take,
)

WHY = "The payer said so on the telephone"


def post_plbs(
    books: Office, till: Till, decided: Sequence[DecidedPlb], trace: str = "EFT0001"
) -> int:
    """Post a remittance of one strange claim of 500.00 with these PLB, and return its id."""
    strange = claim(1, line(None, 500_00))

    def act(work: Work) -> int:
        said = remittance(till.payer, strange, trace=trace, plbs=[one.plb for one in decided])
        one = kept(work, said)
        done = posted(work, one, [staying(strange, Unposted.NOT_OURS)], decided)
        # What is left is the strange claim's, whatever was taken from the check or added to it.
        assert done.left == Money(500_00)
        return one

    return books.write(act).value


def opens(work: Work) -> list[int]:
    """What is open of each item, in their order."""
    return [one.open.cents for one in work.db.scalars(select(Recoupment).order_by(Recoupment.id))]


def item(books: Office, place: int) -> int:
    """The id of an item."""
    ids = books.read(lambda work: list(work.db.scalars(select(Recoupment.id).order_by("id"))))
    return ids[place]


def interest(one: Plb) -> DecidedPlb:
    return DecidedPlb(one, RecoupmentKind.INTEREST, PAYER_INTEREST, rest=one.cents)


def penalty(one: Plb) -> DecidedPlb:
    return DecidedPlb(one, RecoupmentKind.PENALTY, PAYER_PENALTIES, rest=one.cents)


def test_six_pairs_are_six_documents_on_their_accounts(books: Office, till: Till) -> None:
    post_plbs(
        books,
        till,
        [
            interest(Plb(1, "L6", "ICN1", -3_25)),
            penalty(Plb(2, "50", "LATE", 12_00)),
            to_explain(Plb(3, "WO", "ICN2", 40_00)),
            will_take(Plb(4, "WO", "ICN3", -60_00)),
            to_explain(Plb(5, "CS", "ICN4", 7_00)),
            will_take(Plb(6, "FB", "", -1_00)),
        ],
    )

    def look(work: Work) -> None:
        assert cents(work, "4310") == -3_25
        assert cents(work, "7620") == 12_00
        assert cents(work, "1120") == 47_00
        assert opens(work) == [0, 0, 40_00, -60_00, 7_00, -1_00]
        held = work.db.scalars(select(Credit).where(Credit.kind == CreditKind.RECOUPMENT))
        assert [one.balance for one in held] == [Money(60_00), Money(1_00)]
        numbers = [one.number for one in work.db.scalars(select(Recoupment).order_by("id"))]
        assert numbers == [f"RCP-2026-{at:05d}" for at in range(1, 7)]

    books.read(look)
    verify(books)


def test_what_a_payer_takes_later_settles_what_it_had_said(books: Office, till: Till) -> None:
    first = post_plbs(books, till, [will_take(Plb(1, "WO", "ICN3", -60_00))])
    told = item(books, 0)
    later = post_plbs(books, till, [settles(Plb(1, "WO", "ICN3", 75_00), told, 60_00)], "EFT0002")

    def look(work: Work) -> None:
        assert opens(work) == [0, 15_00]
        assert cents(work, "1120") == 15_00
        held = work.db.scalars(select(Credit).where(Credit.kind == CreditKind.RECOUPMENT)).one()
        assert held.balance == ZERO

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match="REM-2026-00002 has settled RCP-2026-00001"):
        books.write(lambda work: undo_remittance(work, first, WHY))
    books.write(lambda work: undo_remittance(work, later, WHY))
    assert books.read(opens) == [-60_00, 0]
    verify(books)
    books.write(lambda work: undo_remittance(work, first, WHY))
    assert books.read(lambda work: (opens(work), cents(work, "2410"))) == ([0, 0], 0)
    verify(books)


def test_two_items_are_paired_by_hand_and_taken_apart(books: Office, till: Till) -> None:
    post_plbs(
        books,
        till,
        [will_take(Plb(1, "WO", "A", -60_00)), to_explain(Plb(2, "WO", "B", 45_00))],
    )
    told, taken = item(books, 0), item(books, 1)
    one = books.write(lambda work: pair(work, taken, told, WHY)).value
    assert books.read(opens) == [-15_00, 0]
    assert books.read(lambda work: cents(work, "1120")) == 0
    verify(books)
    with pytest.raises(Problem, match=r"Nothing of RCP-2026-00002 is open"):
        books.write(lambda work: pair(work, taken, told, WHY))
    (row,) = books.read(lambda work: pairs_of(work, [told]))
    assert (row.id, row.amount, row.by_hand, row.reason) == (one, Money(45_00), True, WHY)
    books.write(lambda work: unpair(work, one, "It was another one"))
    assert books.read(opens) == [-60_00, 45_00]
    assert books.read(lambda work: pairs_of(work, [told])) == ()
    verify(books)
    with pytest.raises(Problem, match="taken apart already"):
        books.write(lambda work: unpair(work, one, "It was another one"))


def test_an_item_is_explained_by_an_account_in_parts(books: Office, till: Till) -> None:
    post_plbs(books, till, [to_explain(Plb(1, "CS", "", 45_00))])
    one = item(books, 0)
    books.write(lambda work: explain(work, one, PAYER_PENALTIES, WHY, amount=Money(20_00)))
    books.write(lambda work: explain(work, one, PAYER_PENALTIES, WHY))
    assert books.read(opens) == [0]
    assert books.read(lambda work: cents(work, "7620")) == 45_00
    assert PAYER_PENALTIES in dict(books.read(explaining_accounts))
    assert books.read(recoupments) == ()
    (row,) = books.read(lambda work: recoupments(work, payer_id=till.payer, open_only=False))
    assert (row.number, row.remittance, row.open) == ("RCP-2026-00001", "REM-2026-00001", ZERO)
    verify(books)


@pytest.mark.parametrize(
    ("account", "amount", "words"),
    [
        ("1110", 5_00, "cannot explain"),
        ("7620", 46_00, r"not between zero and the 45\.00"),
        ("7620", 0, r"not between zero and the 45\.00"),
    ],
)
def test_what_cannot_explain_an_item_is_refused(
    books: Office, till: Till, account: str, amount: int, words: str
) -> None:
    post_plbs(books, till, [to_explain(Plb(1, "CS", "", 45_00))])
    one = item(books, 0)
    with pytest.raises(Problem, match=words):
        books.write(lambda work: explain(work, one, account, WHY, amount=Money(amount)))
    assert books.read(opens) == [45_00]


def test_two_that_go_the_same_way_do_not_settle_each_other(books: Office, till: Till) -> None:
    post_plbs(
        books,
        till,
        [to_explain(Plb(1, "WO", "A", 60_00)), to_explain(Plb(2, "WO", "B", 45_00))],
    )
    first, second = item(books, 0), item(books, 1)
    with pytest.raises(Problem, match="go the same way"):
        books.write(lambda work: pair(work, first, second, WHY))
    with pytest.raises(Problem, match="twice the same"):
        books.write(lambda work: pair(work, first, first, WHY))


def test_what_was_settled_by_hand_is_taken_apart_with_its_remittance(
    books: Office, till: Till
) -> None:
    first = post_plbs(books, till, [will_take(Plb(1, "WO", "A", -60_00))])
    post_plbs(books, till, [to_explain(Plb(1, "WO", "B", 60_00))], "EFT0002")
    told, taken = item(books, 0), item(books, 1)
    books.write(lambda work: pair(work, taken, told, WHY))
    assert books.read(opens) == [0, 0]
    books.write(lambda work: undo_remittance(work, first, "Posted twice"))
    assert books.read(opens) == [0, 60_00]
    assert books.read(lambda work: cents(work, "1120")) == 60_00
    standing = books.read(
        lambda work: work.db.scalars(
            select(RecoupmentPair).where(RecoupmentPair.undone_at.is_(None))
        ).all()
    )
    assert not standing
    verify(books)


def test_a_claim_that_is_about_nothing_is_to_explain_until_it_is_posted(
    books: Office, till: Till
) -> None:
    back = claim(1, line(None, -100_00, charge=-160_00), status="22")
    money = claim(2, line(till.copays[0], 130_00))
    why = Unposted.REVERSES_NOTHING

    def act(work: Work) -> int:
        one = kept(work, remittance(till.payer, back, money))
        done = posted(work, one, [staying(back, why, "It is not in the books."), plain(money)])
        assert (done.amount, done.left, done.unposted) == (Money(30_00), ZERO, 1)
        return one

    one = books.write(act).value
    (row,) = books.read(recoupments)
    assert (row.kind, row.open, row.account) == (RecoupmentKind.TO_EXPLAIN, Money(100_00), "1120")
    assert row.remittance_claim_id is not None
    verify(books)
    books.write(lambda work: undo_remittance(work, one, "Posted too early"))
    assert books.read(recoupments) == ()
    assert books.read(lambda work: work.db.get_one(Remittance, one).unposted) == 2
    verify(books)


def test_what_was_to_explain_goes_when_its_claim_is_posted_after_all(
    books: Office, till: Till
) -> None:
    """The payer took back what was typed in only afterwards."""
    money = claim(1, line(till.copays[0], 130_00))
    back = claim(1, line(till.copays[0], -130_00, charge=-160_00), status="22")
    other = claim(2, line(till.copays[1], 130_00))
    why = Unposted.REVERSES_NOTHING
    taken = DecidedLine(back.lines[0], Fate.POSTED, paid=-130_00, to_open=-130_00)
    undone = DecidedClaim(back, Fate.POSTED, None, "", (taken,))

    def first(work: Work) -> int:
        one = kept(work, remittance(till.payer, back, other))
        posted(work, one, [staying(back, why), plain(other)])
        return one

    one = books.write(first).value
    assert books.read(lambda work: cents(work, "1120")) == 130_00
    late = remittance(till.payer, money, trace="EFT0002")
    books.write(lambda work: posted(work, kept(work, late), [plain(money)]))
    item_id = item(books, 0)
    explained = books.write(
        lambda work: explain(work, item_id, PAYER_PENALTIES, WHY, amount=Money(1_00))
    ).value
    with pytest.raises(Problem, match="A part of RCP-2026-00001 was settled already"):
        books.write(lambda work: posted(work, one, [undone, plain(other)]))
    books.write(lambda work: unpair(work, explained, WHY))
    done = books.write(lambda work: posted(work, one, [undone, plain(other)])).value
    assert (done.claims, done.unposted, done.left) == (1, 0, ZERO)

    def look(work: Work) -> None:
        assert (opens(work), cents(work, "1120")) == ([0], 0)
        assert work.db.get_one(Charge, till.copays[0]).insurance_balance == Money(130_00)

    books.read(look)
    verify(books)
    books.write(lambda work: undo_remittance(work, one, "Posted twice"))
    verify(books)


def test_a_check_without_claims_is_posted_for_what_it_settles(books: Office, till: Till) -> None:
    bonus = Plb(1, "L6", "ICN1", -3_25)
    said = remittance(till.payer, plbs=[bonus])

    def act(work: Work) -> None:
        done = posted(work, kept(work, said), [], [interest(bonus)], on=date(2026, 4, 1))
        assert (done.amount, done.status, done.left) == (Money(3_25), "posted", ZERO)

    books.write(act)
    assert books.read(lambda work: work.db.scalars(select(JournalEntry.entry_date)).all()[-1]) == (
        date(2026, 4, 1)
    )
    verify(books)
