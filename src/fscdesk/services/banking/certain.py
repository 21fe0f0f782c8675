"""What needs no person: lines whose trace and amount agree exactly with something of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankLine, BankSuspense
from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.payment import Payment
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accepting import accept_in_parts
from fscdesk.services.banking.deposits import undo_deposit
from fscdesk.services.banking.line_meaning import reference_key
from fscdesk.services.banking.match_drafts import draft_of
from fscdesk.services.banking.match_items import Item, ItemKind, OpenLine
from fscdesk.services.banking.matching import Proposal, proposed
from fscdesk.services.banking.matching_facts import waiting_items
from fscdesk.services.banking.offsetting import offset
from fscdesk.services.banking.payouts import link_payouts
from fscdesk.services.banking.suspense import explain, suspense
from fscdesk.services.editing import locked
from fscdesk.services.permissions import Right, may, require
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class AutomaticMatch:
    """A match that an exact trace made: its lines' days are in the books by ``why``."""

    id: int
    why: str


@dataclass(frozen=True, slots=True)
class CertainDone:
    """What `apply_certain` did: matches by trace, entries that cancel out, suspense explained."""

    matches: tuple[AutomaticMatch, ...] = ()
    offsets: int = 0
    explained: int = 0


@dataclass(frozen=True, slots=True)
class ExplainedMoney:
    """Held money that posting explained: its number, the bank's day, and its deposit's number."""

    number: str
    on: date
    deposit: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """Held money of an account: ``explained_by`` is the one payment of its trace and amount.

    It is "" while there is none, or two could be it.
    """

    number: str
    on: date
    words: str
    open: Money
    explained_by: str


def certain(found: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """Return the proposals that need no person."""
    return tuple(one for one in found if one.certain and one.is_complete)


def certain_of(
    work: Work, account_id: int, new: Sequence[OpenLine]
) -> tuple[tuple[OpenLine, str], ...]:
    """Return which lines of a file that is not stored yet would be matched by trace, and why."""
    found = proposed(work, account_id, also=new)
    wanted = {line.id for line in new}
    return tuple(
        (line, one.why) for one in certain(found) for line in one.lines if line.id in wanted
    )


def apply_certain(work: Work, account_id: int) -> CertainDone:
    """Accept what is certain of an account, each match undone like any other.

    Somebody who may not make deposits matches only what is deposited already.
    """
    require(work, Right.RECONCILE, "match the bank's lines")
    account = locked(work, BankAccount, account_id, "this bank account")
    link_payouts(work)
    offsets = offset(work, account.id)
    deposits = may(work, Right.MAKE_DEPOSITS)
    explained = _explain_by_trace(work, account_id) if deposits else 0
    todo = [
        one for one in certain(proposed(work, account_id)) if deposits or not one.deposits_to_make
    ]
    drafts = [draft_of(account_id, one) for one in todo]
    made = accept_in_parts(work, drafts, "Matching by trace", automatic=True)
    matches = tuple(
        AutomaticMatch(match_id, one.why) for match_id, one in zip(made, todo, strict=True)
    )
    return CertainDone(matches, len(offsets), explained)


def explain_posted(work: Work, payment_id: int) -> ExplainedMoney | None:
    """Explain held money by a payer's payment that is posted now, where trace and amount agree.

    None where nothing is held for it, where two could be it, and where the person may not
    reconcile and deposit: it waits for `apply_certain` then. The caller has locked the payment.
    """
    payment = work.db.get_one(Payment, payment_id)
    key = reference_key(payment.reference)
    held = [row for row in _held(work) if key and reference_key(row.trace) == key]
    if len(held) != 1:
        return None
    if not (may(work, Right.RECONCILE) and may(work, Right.MAKE_DEPOSITS)):
        return None
    (row,) = held
    if not date(payment.received_on.year - 1, 1, 1) <= row.on <= work.today():
        return None  # a day that no deposit can have is for a person
    fits = _one_fitting(row, held, _payments_that_prove(work))
    if fits is None or fits.id != payment_id:
        return None
    there = locked(work, BankSuspense, row.id, "this money")
    if there.undone or there.open != row.open:  # another desk was first
        return None
    made = explain(work, row.id, (payment_id,))
    return ExplainedMoney(row.number, row.on, made.number)


def take_explanation_back(work: Work, payment_id: int, reason: str) -> str:
    """Let held money that one payment alone explained wait again; return its number, else "".

    Nothing happens where the person may not deposit. The caller has locked the payment.
    """
    row = work.db.execute(
        select(Deposit.id, BankSuspense.number)
        .join(DepositItem, DepositItem.deposit_id == Deposit.id)
        .join(BankSuspense, BankSuspense.id == Deposit.suspense_id)
        .where(DepositItem.live_payment_id == payment_id)
    ).one_or_none()
    if row is None or not may(work, Right.MAKE_DEPOSITS):
        return ""
    items = select(func.count()).select_from(DepositItem).where(DepositItem.deposit_id == row.id)
    if work.db.scalar(items) != 1:
        return ""
    undo_deposit(work, row.id, reason)
    return str(row.number)


def held_lines(work: Work, account_id: int) -> tuple[HeldLine, ...]:
    """Return the money of an account that waits to be explained, and what `apply_certain` knows.

    Raises Problem without a right to see the bank.
    """
    rows = [one for one in suspense(work) if one.bank_account_id == account_id]
    known = explanations(work) if rows else {}
    return tuple(
        HeldLine(one.number, one.on, one.words, one.open, known.get(one.id, "")) for one in rows
    )


def explanations(work: Work) -> dict[int, str]:
    """Return by held money (its id) the one payment that `apply_certain` would explain it by."""
    held = _held(work)
    waiting = _payments_that_prove(work) if held else []
    found = {row.id: _one_fitting(row, held, waiting) for row in held}
    return {ident: one.label for ident, one in found.items() if one is not None}


def _explain_by_trace(work: Work, account_id: int) -> int:
    """Explain held money by the one payer payment of its line's trace and its whole amount."""
    held = _held(work)
    here = [row for row in held if row.bank_account_id == account_id]
    if not here:
        return 0
    waiting = _payments_that_prove(work)
    done = 0
    for row in here:
        fits = _one_fitting(row, held, waiting)
        if fits is not None:
            explain(work, row.id, (fits.id,))
            waiting.remove(fits)
            done += 1
    return done


def _held(work: Work) -> Sequence[Any]:
    """Return the held money, of every account, whose line tells a trace."""
    return work.db.execute(
        select(
            BankSuspense.id,
            BankSuspense.number,
            BankSuspense.open,
            BankLine.bank_account_id,
            BankLine.trace,
            BankLine.on,
        )
        .join(BankLine, BankLine.id == BankSuspense.bank_line_id)
        .where(BankSuspense.undone.is_(False), BankSuspense.open != ZERO, BankLine.trace != "")
        .order_by(BankSuspense.id)
    ).all()


def _payments_that_prove(work: Work) -> list[Item]:
    return [one for one in waiting_items(work) if one.kind is ItemKind.PAYMENT and one.proves]


def _one_fitting(row: Any, held: Sequence[Any], waiting: Sequence[Item]) -> Item | None:
    """Return the one payment of a held line's trace and amount; None where there are two."""
    key = reference_key(row.trace)
    fitting = [
        one
        for one in waiting
        if one.amount == row.open and key in {reference_key(told) for told in one.references}
    ]
    traced = [other for other in held if reference_key(other.trace) == key]
    return fitting[0] if len(fitting) == 1 and len(traced) == 1 else None
