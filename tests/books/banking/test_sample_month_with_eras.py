"""The sample month with its remittances: read as 835 files, and proved at the bank all the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, Final

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import EntryKind
from fscdesk.models.payment import Payment, PaymentOrigin
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, draft_of
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.banking.reconciling import ReconciliationState, complete, start
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.ledger.accounts import BANK_FEES
from fscdesk.services.office import Office
from fscdesk.services.remittances.incoming import EraDone, apply_era
from fscdesk.services.reports.exceptions import ExceptionKind, Opens, exceptions
from fscdesk.services.work import Work
from tests.support.bank_books import entry, starts
from tests.support.clock import NOON, Clock
from tests.support.month import ALLOCATION, CARDS, CHECKS, EXPORT, SESSIONS, bring_in, stands
from tests.support.payments import cents, verify
from tests.support.sample_eras import CLAIMS, CLIENTS, sample_eras
from tests.support.shared import samples

CHASE: Final = "bank_chase_checking_2026-03.csv"
OFX: Final = "bank_sample_2026-03.ofx"
MARCH: Final = date(2026, 3, 31)
UNEXPLAINED: Final = ("2026-03-30", "61.75")
BY_HAND: Final = {("2026-03-13", "145.00"), ("2026-03-26", "251.40")}
"""Carried to the bank: proposed by amount, and confirmed by a person."""
OVERPAID: Final = Money(145_00)
"""The one claim that no file may post: 145.00 was paid of 120.00 that was billed."""
PRACTICE: Final = (SESSIONS, CLIENTS, CLAIMS)
MONEY: Final = (EXPORT, CARDS, ALLOCATION, CHECKS)


def told() -> dict[str, Any]:
    """What expected.json says of the bank, the checks and the month."""
    found: dict[str, Any] = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    return found


def read_eras(books: Office, clock: Clock, *, in_time: bool) -> list[EraDone]:
    """Read the 835 of each check: on the day of the check, or all of them weeks later."""
    done = []
    for trace, text in sample_eras().items():
        on = datetime.strptime(text.partition("DTM*405*")[2][:8], "%Y%m%d").date()  # noqa: DTZ007
        if in_time:
            clock.set(datetime.combine(on, time(18), UTC))
        name, data = f"{trace}.835", text.encode()
        done.append(books.write(partial(apply_era, name=name, data=data, clicked=True)).value)
    clock.set(NOON)
    return done


def credits_of(found: Sequence[Proposal]) -> dict[tuple[str, str], Proposal]:
    return {
        (str(one.lines[0].on), one.amount.plain()): one for one in found if one.amount > Money()
    }


def prove(work: Work) -> ReconciliationState:
    """Prove March by hand, as a person does: two deposits, what nobody knows, and the debits."""
    account = account_named(work)
    for one in proposals(work, account):
        if one.amount > Money():
            assert (one.reach is Reach.ONE) is not one.hold, one
            accept(work, draft_of(account, one, hold=one.hold))
        else:
            legs = (BankLeg(BANK_FEES, one.amount),)
            lines = tuple(line.id for line in one.lines)
            accept(work, MatchDraft(account, lines, legs=legs, memo="Paid"))
    closing = Money.parse(told()["bank_closing"])
    return complete(work, start(work, account, MARCH, closing))


@pytest.mark.parametrize("in_time", [True, False], ids=["in time", "weeks later"])
def test_the_month_with_its_eras_is_proved_but_for_one_credit(
    books: Office, clock: Clock, *, in_time: bool
) -> None:
    """An 835 that is read weeks later is the same check as in the exports, and at the bank."""
    if in_time:
        clock.set(datetime(2026, 3, 12, 12, tzinfo=UTC))
    for file in PRACTICE:
        bring_in(books, file)
    done = read_eras(books, clock, in_time=in_time)
    assert posted(done) == told()["era_totals"]
    for file in MONEY:
        bring_in(books, file)
    assert books.read(origins) == {PaymentOrigin.REMITTANCE: 5, PaymentOrigin.SIMPLEPRACTICE: 42}
    left = stands(books)
    assert (left.client_open, left.written_off_open) == (0, 0)
    assert (left.payer_open, left.payer_credits) == (OVERPAID.cents, -OVERPAID.cents - 40_00)
    read_bank(books)
    found = credits_of(books.read(lambda work: proposals(work, account_named(work))))
    assert {*found} == {*BY_HAND, UNEXPLAINED}
    assert all(found[one].reach is Reach.ONE and not found[one].certain for one in BY_HAND)
    assert (found[UNEXPLAINED].reach, found[UNEXPLAINED].hold) == (Reach.NONE, True)
    proved = books.write(prove).value
    assert (proved.opening.plain(), proved.statement.plain()) == (
        told()["bank_opening"],
        told()["bank_closing"],
    )
    assert (len(proved.cleared), proved.difference) == (30, Money())
    assert (proved.in_transit, proved.outstanding) == ((), ())
    if in_time:
        assert proved.book == proved.statement
    verify(books)
    assert unexplained(books) == [("61.75", date(2026, 3, 30))]


def test_the_exports_before_their_eras_count_no_money_twice(books: Office) -> None:
    """The money is there already: each 835 is kept for a person, and the month proves as before."""
    for file in (*PRACTICE, *MONEY):
        bring_in(books, file)
    before = stands(books)
    done = read_eras(books, Clock(), in_time=False)
    assert [one.posted for one in done] == [(None,)] * 5
    waiting = set(books.read(lambda work: work.db.scalars(select(Remittance.status)).all()))
    assert waiting == {RemittanceStatus.TO_POST}
    assert stands(books) == before
    read_bank(books)
    found = credits_of(books.read(lambda work: proposals(work, account_named(work))))
    assert {*found} == {*BY_HAND, UNEXPLAINED}
    proved = books.write(prove).value
    assert (proved.difference, proved.book) == (Money(), proved.statement)
    verify(books)
    assert unexplained(books) == [("61.75", date(2026, 3, 30))]


def posted(done: Sequence[EraDone]) -> dict[str, str]:
    """What each check has brought; of them all, one claim is left to a person."""
    found = {}
    for one in done:
        (said,), (made,) = one.plan.transactions, one.posted
        assert made is not None, said.stop
        assert all(line.charge_id for claim in said.remittance.claims for line in claim.lines)
        assert made.left == (OVERPAID if made.unposted else Money()), made
        found[said.remittance.trace] = made.amount.plain()
    assert sum(one.posted[0].unposted for one in done if one.posted[0]) == 1
    assert sum(one.posted[0].denied for one in done if one.posted[0]) == 1
    return found


def origins(work: Work) -> dict[PaymentOrigin, int]:
    """How many payments came which way: none of them twice."""
    return Counter(work.db.scalars(select(Payment.origin)))


def read_bank(books: Office) -> None:
    """Read both files of the bank: the second is the first once more."""

    def begin(work: Work) -> None:
        starts(work, "3/1", 5000_00)
        entry(work, "2/28", 5000_00, kind=EntryKind.OPENING)

    books.write(begin)
    plans = []
    for file in (CHASE, OFX):
        data = (samples() / file).read_bytes()
        plans.append(books.write(partial(apply_statement, name=file, data=data)).value.plan)
    assert [(one.created, one.unchanged, one.skipped) for one in plans] == [(30, 0, 0), (0, 30, 0)]
    assert {one.closing for one in plans} == {Money.parse(told()["bank_closing"])}
    books.write(lambda work: apply_certain(work, account_named(work)))


def unexplained(books: Office) -> list[tuple[str, date]]:
    """What is held of the bank's money; nothing else of the month is missing on either side."""
    found = books.read(exceptions)
    missing = {ExceptionKind.BANKED_NOT_POSTED, ExceptionKind.DEPOSITED_NOT_BANKED}
    assert not missing & {one.kind for one in found}
    on_the_way = [one for one in found if one.kind is ExceptionKind.POSTED_NOT_DEPOSITED]
    assert [one.words for one in on_the_way] == ["Card"] * 4
    assert books.read(lambda work: cents(work, "1050")) == sum(
        one.amount.cents for one in on_the_way
    )
    return [(one.amount.plain(), one.since) for one in found if one.opens is Opens.SUSPENSE]
