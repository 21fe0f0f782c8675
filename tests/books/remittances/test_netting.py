"""Paid and taken back in one file: both are posted, nothing moves, nothing is left for a person."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceStatus,
    Unposted,
)
from fscdesk.services.claim_answers import line_answers
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredClaim, Cas
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.netting import NETTED
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_lines import EraClaim
from tests.support.era_matching import SentClaim, send_claim
from tests.support.eras import claim as told
from tests.support.eras import era, service
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.remittance_acts import fund, looked_at, looked_at_again, owed, post
from tests.support.remittances_made import claim, kept, line, remittance

CO45 = Cas("CO", "45", 30_00)
COPAY = Cas("PR", "3", 30_00)
WHY = "It was another practice's"


def paid(at: int, charge: int, amount: int, *cas: Cas, **facts: object) -> AnsweredClaim:
    """An answer to one claim of the payer, whose number is always the same."""
    one = claim(at, line(charge, amount, *cas), payer_number="ICN1")
    return replace(one, **{"number": "CLM1", **facts})  # type: ignore[arg-type]


def back(at: int, charge: int, amount: int, *cas: Cas, **facts: object) -> AnsweredClaim:
    """What takes it back."""
    undone = tuple(one._replace(cents=-one.cents) for one in cas)
    one = claim(at, line(charge, -amount, *undone, charge=-160_00), status="22")
    known = {"number": "CLM1", "payer_number": "ICN1", **facts}
    return replace(one, **known)  # type: ignore[arg-type]


def fates(books: Office, remittance_id: int) -> list[tuple[str, Fate]]:
    """What became of each claim, in its order."""

    def look(work: Work) -> list[tuple[str, Fate]]:
        mine = RemittanceClaim.remittance_id == remittance_id
        rows = work.db.scalars(
            select(RemittanceClaim).where(mine).order_by(RemittanceClaim.position)
        )
        return [(one.words, one.fate) for one in rows]

    return books.read(look)


@pytest.mark.parametrize("first", [1, 2])
def test_an_original_and_its_reversal_net_out(books: Office, till: Till, first: int) -> None:
    before = owed(books, till.copays[0])
    both = (
        paid(first, till.copays[0], 100_00, CO45, COPAY),
        back(3 - first, till.copays[0], 100_00, CO45, COPAY),
    )
    both = tuple(sorted(both, key=lambda one: one.position))  # type: ignore[assignment]
    new = post(books, remittance(till.payer, *both))
    assert fates(books, new) == [(NETTED, Fate.POSTED)] * 2
    assert (owed(books, till.copays[0]), fund(books, new)) == (before, 0)
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1120"))) == (0, 0)

    def look(work: Work) -> None:
        row = work.db.get_one(Remittance, new)
        assert (row.status, row.unposted) == (RemittanceStatus.POSTED, 0)
        rows = work.db.scalars(select(RemittanceLine).order_by(RemittanceLine.paid)).all()
        taken, said = rows
        assert (taken.reverses_id, said.reverses_id) == (said.id, None)

    books.read(look)
    verify(books)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_correction_counts_whatever_the_order(
    books: Office, till: Till, order: tuple[int, int, int]
) -> None:
    first, second, third = order
    three = (
        paid(first, till.copays[0], 100_00, CO45, COPAY),
        back(second, till.copays[0], 100_00, CO45, COPAY),
        paid(third, till.copays[0], 80_00, CO45, Cas("PR", "1", 50_00)),
    )
    new = post(books, remittance(till.payer, *sorted(three, key=lambda one: one.position)))
    assert (owed(books, till.copays[0]), fund(books, new)) == ((0, 50_00), 0)
    assert [fate for _, fate in fates(books, new)] == [Fate.POSTED] * 3
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "1120"))) == (80_00, 0)
    verify(books)


def test_the_same_amount_again_is_the_correction(books: Office, till: Till) -> None:
    three = (
        paid(1, till.copays[0], 100_00, CO45, COPAY),
        back(2, till.copays[0], 100_00, CO45, COPAY),
        paid(3, till.copays[0], 100_00, CO45, COPAY),
    )
    new = post(books, remittance(till.payer, *three))
    assert [words for words, _ in fates(books, new)] == [NETTED, NETTED, ""]
    assert owed(books, till.copays[0]) == (0, 30_00)
    verify(books)


def test_what_the_books_hold_is_taken_back_there_first(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, paid(1, till.copays[0], 100_00, CO45, COPAY)))
    both = (
        back(1, till.copays[0], 100_00, CO45, COPAY),
        paid(2, till.copays[0], 100_00, Cas("PR", "1", 60_00)),
    )
    new = post(books, remittance(till.payer, *both, trace="EFT0002"))
    assert NETTED not in [words for words, _ in fates(books, new)]
    assert owed(books, till.copays[0]) == (0, 60_00)
    verify(books)


def test_an_older_answer_is_reversed_and_a_newer_nets_out(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, paid(1, till.copays[0], 100_00, CO45, COPAY)))
    four = (
        back(1, till.copays[0], 90_00, Cas("CO", "45", 40_00), COPAY),
        back(2, till.copays[0], 100_00, CO45, COPAY),
        paid(3, till.copays[0], 90_00, Cas("CO", "45", 40_00), COPAY),
        paid(4, till.copays[0], 110_00, Cas("CO", "45", 20_00), COPAY),
    )
    new = post(books, remittance(till.payer, *four, trace="EFT0002"))
    assert [words == NETTED for words, _ in fates(books, new)] == [True, False, True, False]
    assert (owed(books, till.copays[0]), fund(books, new)) == ((0, 30_00), 0)
    assert books.read(lambda work: cents(work, "1050")) == 110_00
    verify(books)


def test_a_denial_that_is_taken_back_at_once_says_nothing(books: Office, till: Till) -> None:
    denied = Cas("CO", "16", 160_00)
    both = (paid(1, till.copays[0], 0, denied, status="4"), back(2, till.copays[0], 0, denied))
    new = post(books, remittance(till.payer, *both))
    assert fates(books, new) == [(NETTED, Fate.POSTED)] * 2
    verify(books)


@pytest.mark.parametrize(
    "other",
    [{"number": "CLM2", "payer_number": "ICN2"}, {"payer_number": "ICN2"}],
    ids=["another claim", "another number of the payer"],
)
def test_what_is_not_certain_is_left_for_a_person(
    books: Office, till: Till, other: dict[str, object]
) -> None:
    both = (
        paid(1, till.copays[0], 100_00, CO45, COPAY),
        back(2, till.copays[0], 100_00, CO45, COPAY, **other),
    )
    found = looked_at(books, remittance(till.payer, *both))
    assert found.claims[1].why is Unposted.REVERSES_NOTHING


def test_other_amounts_do_not_net(books: Office, till: Till) -> None:
    both = (
        paid(1, till.copays[0], 100_00, CO45, COPAY),
        back(2, till.copays[0], 90_00, Cas("CO", "45", 40_00), COPAY),
    )
    found = looked_at(books, remittance(till.payer, *both))
    assert found.claims[1].why is Unposted.REVERSES_NOTHING


def test_what_waits_for_a_look_shows_both_and_one_alone_is_not_netted(
    books: Office, till: Till
) -> None:
    both = (
        paid(1, till.copays[0], 100_00, CO45, COPAY),
        back(2, till.copays[0], 100_00, CO45, COPAY),
    )
    one = remittance(till.payer, *both)
    waits = looked_at(books, one, review=True)
    assert [each.why for each in waits.claims] == [Unposted.REVIEW] * 2
    new = books.write(lambda work: kept(work, one)).value
    books.write(lambda work: post_remittance(work, new, positions=[1]))
    assert owed(books, till.copays[0]) == (0, 30_00)
    assert looked_at_again(books, new).claims[1].fate is Fate.POSTED
    books.write(lambda work: post_remittance(work, new))
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    verify(books)


def test_one_of_them_is_undone_with_the_other(books: Office, till: Till) -> None:
    three = (
        paid(1, till.copays[0], 100_00, CO45, COPAY),
        back(2, till.copays[0], 100_00, CO45, COPAY),
        paid(3, till.copays[0], 80_00, CO45, Cas("PR", "1", 50_00)),
    )
    new = post(books, remittance(till.payer, *three))

    def rows(work: Work) -> list[int]:
        return list(work.db.scalars(select(RemittanceClaim.id).order_by(RemittanceClaim.position)))

    first, *_ = books.read(rows)
    assert_all_or_nothing(books, lambda work: undo_claim(work, first, WHY), every=3)
    assert [fate for _, fate in fates(books, new)] == [Fate.UNPOSTED, Fate.UNPOSTED, Fate.POSTED]
    verify(books)
    books.write(lambda work: post_remittance(work, new))
    books.write(lambda work: undo_remittance(work, new, WHY))
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    verify(books)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def words(sent: SentClaim, amount: str, status: str = "1") -> EraClaim:
    """What a payer says of the first line of a claim."""
    sign = "-" if amount.startswith("-") else ""
    own = service(
        charge=f"{sign}160",
        cas=f"CO45={sign}{60 - 30 + (100 - abs(int(amount)))} PR3={sign}30",
        line_id=str(sent.lines[0]),
        day=sent.days[0],
    )
    return told(sent.account, own, status=status)


def test_a_file_with_all_three_leaves_the_claim_paid(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    text = era(words(sent, "100"), words(sent, "-100", "22"), words(sent, "80"), trace="EFT1")
    done = books.write(lambda work: apply_era(work, "one.835", text.encode())).value
    books.write(lambda work: post_remittance(work, done.kept[0]))
    assert owed(books, sent.charges[0]) == (0, 30_00)

    def look(work: Work) -> None:
        assert work.db.get_one(Claim, sent.id).status is ClaimStatus.PAID
        assert line_answers(work, [sent.id])[sent.id] == {1: "paid"}

    books.read(look)
    verify(books)


def test_a_file_with_both_leaves_the_claim_as_it_was(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    text = era(words(sent, "-100", "22"), words(sent, "100"), trace="EFT1")
    done = books.write(lambda work: apply_era(work, "one.835", text.encode())).value
    found = books.write(lambda work: post_remittance(work, done.kept[0])).value
    assert (found.claims, found.unposted, found.applied.cents) == (2, 0, 0)
    assert books.read(lambda work: work.db.get_one(Claim, sent.id).status) is ClaimStatus.SUBMITTED
    assert owed(books, sent.charges[0]) == (130_00, 30_00)
    verify(books)
