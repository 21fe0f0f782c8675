"""The sample month from its files to a completed reconciliation: one credit is left to identify."""

from __future__ import annotations

import json
from datetime import date

from fscdesk.models.ledger import EntryKind
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, draft_of
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.matching import Reach, proposals
from fscdesk.services.banking.reconciling import ReconciliationState, complete, start
from fscdesk.services.banking.statements import apply_statement
from fscdesk.services.ledger.accounts import BANK_FEES
from fscdesk.services.office import Office
from fscdesk.services.reports.exceptions import ExceptionKind, Opens, exceptions
from fscdesk.services.work import Work
from tests.support.bank_books import entry, starts
from tests.support.month import CARDS, EXPORT, SESSIONS, bring_in
from tests.support.payments import verify
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"
MARCH = date(2026, 3, 31)


def at_the_bank(work: Work) -> int:
    """Read the bank's file and match all of it, as a person does who holds what nobody knows."""
    account = starts(work, "3/1", 5000_00)
    entry(work, "2/28", 5000_00, kind=EntryKind.OPENING)
    apply_statement(work, CHASE, (samples() / CHASE).read_bytes())
    apply_certain(work, account)
    for one in proposals(work, account):
        if one.reach is Reach.ONE and one.amount > Money():
            accept(work, draft_of(account, one))
        elif one.amount > Money():
            accept(work, draft_of(account, one, hold=True))
        else:
            legs = (BankLeg(BANK_FEES, one.amount),)
            lines = tuple(line.id for line in one.lines)
            accept(work, MatchDraft(account, lines, legs=legs, memo="Paid"))
    return account


def test_the_month_is_proved_with_one_credit_to_identify(sqlite_books: Office) -> None:
    expected = json.loads((samples() / "expected.json").read_text(encoding="utf-8"))
    for file in (SESSIONS, EXPORT, CARDS):
        bring_in(sqlite_books, file)

    def prove(work: Work) -> ReconciliationState:
        account = at_the_bank(work)
        closing = Money.parse(expected["bank_closing"])
        return complete(work, start(work, account, MARCH, closing))

    done = sqlite_books.write(prove).value
    assert done.opening.plain() == expected["bank_opening"]
    assert (len(done.cleared), done.difference) == (30, Money())
    assert (done.in_transit, done.outstanding) == ((), ())
    verify(sqlite_books)
    found = sqlite_books.read(exceptions)
    held = [one for one in found if one.opens is Opens.SUSPENSE]
    assert [(str(one.amount), one.since) for one in held] == [("61.75", date(2026, 3, 30))]
    missing = {ExceptionKind.BANKED_NOT_POSTED, ExceptionKind.DEPOSITED_NOT_BANKED}
    assert not missing & {one.kind for one in found}
