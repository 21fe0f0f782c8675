"""Turns what was decided about a remittance into entries of the ledger. Pure.

The check fills one credit of the payer, the fund; each posting draws its part from it, or, where
the payer takes money back, puts it in. The memo names remittance and claim, so that the entries
of one claim can be found and reversed alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Side
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.remittance import RuleAction
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_rules import RULES, legs, recorded_legs
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
    UNDEPOSITED,
)
from fscdesk.services.ledger.charge_locks import BilledCharge
from fscdesk.services.ledger.posting import About, Draft, Leg
from fscdesk.services.remittances.answered import Cas, DecidedClaim, DecidedLine
from fscdesk.services.remittances.reasons import carc

MORE_THAN_PAID: Final = "The payer took back more than it had paid"
PATIENT_GROUP: Final = "PR"
_LONGEST_REASON: Final = 300


class Fund(NamedTuple):
    """The money of a remittance: its credit, its payment, whose it is, its number, the day."""

    credit_id: int
    payment_id: int
    payer_id: int
    number: str
    on: date

    def about(self) -> About:
        """Return whose money it is, for what is no charge's and no credit's."""
        return About(payer_id=self.payer_id, payment_id=self.payment_id)

    def leg(self, cents: int, part: Part) -> Leg:
        """Return the leg that draws cents from the fund (negative: fills it)."""
        owner = self.about()._replace(credit_id=self.credit_id)
        return Leg(PAYER_CREDITS, cents, part, owner)

    def memo(self, position: int) -> str:
        """Return the memo of what posts a claim."""
        return claim_memo(self.number, position)

    def day_of(self, charge: BilledCharge) -> date:
        """Return the day of an entry about a charge: not before it is in the books."""
        return max(self.on, charge.first_day or charge.service_day)


class NewRow(NamedTuple):
    """An adjustment to be written, with the entry that posts it. ``amount`` is in cents."""

    charge: BilledCharge
    kind: AdjustmentKind
    side: Side
    amount: int
    reason: str
    on: date
    group_code: str = ""
    carc: str = ""
    recorded: bool = False

    def draft(self, memo: str) -> Draft:
        """Return its entry."""
        rule = RULES[self.kind]
        money = Money(self.amount)
        return Draft(
            on=self.on,
            kind=rule.entry,
            memo=memo,
            legs=recorded_legs(money) if self.recorded else legs(self.kind, self.side, money),
            about=About.of_charge(self.charge),
        )


def claim_memo(number: str, position: int) -> str:
    """Return the memo of what posts a claim of a remittance: ``REM-2026-00012, claim 7``."""
    return f"{number}, claim {position}"


def taken_back_memo(number: str) -> str:
    """Return the memo by which a remittance reverses the adjustments of an earlier one."""
    return f"{number}, taken back"


def undone_memo(number: str, reason: str) -> str:
    """Return the memo of what takes a remittance, or a claim of it, out of the books."""
    return f"{number} undone: {reason}"


def receipt(fund: Fund, cents: int, payment_number: str) -> Draft:
    """Return the entry by which the check comes in."""
    part = Part.INSURANCE_PAID
    money = Leg(UNDEPOSITED, cents, part, fund.about())
    return Draft(
        fund.on, EntryKind.RECEIPT, f"Payment {payment_number}", (money, fund.leg(-cents, part))
    )


def payments_of(line: DecidedLine, charge: BilledCharge, fund: Fund, memo: str) -> Iterator[Draft]:
    """Yield an entry for each account that a line's money goes to, or is taken back from."""
    part = Part.INSURANCE_PAID
    for account, cents in (
        (RECORDED_IN_SIMPLEPRACTICE, line.to_recorded),
        (INSURANCE_RECEIVABLE, line.to_open),
        (PAYER_CREDITS, line.over),
    ):
        if cents:
            yield Draft(
                on=fund.day_of(charge),
                kind=EntryKind.APPLIED if cents > 0 else EntryKind.TAKEN_BACK,
                memo=memo,
                legs=(fund.leg(cents, part), Leg(account, -cents, part)),
                about=About.of_charge(charge, fund.payment_id),
            )


def adjustments_of(line: DecidedLine, charge: BilledCharge, fund: Fund) -> Iterator[NewRow]:
    """Yield what a line takes off without money, and how the client's share changes."""
    on = fund.day_of(charge)
    for one in line.adjustments:
        if one.cents:
            kind = (
                AdjustmentKind.CONTRACTUAL
                if one.action is RuleAction.WRITE_OFF
                else AdjustmentKind.CORRECTION
            )
            yield NewRow(
                charge,
                kind,
                Side.INSURANCE,
                one.cents,
                _reason(one.cas),
                on,
                one.cas.group,
                one.cas.carc,
                one.recorded,
            )
    if line.difference:
        reason = MORE_THAN_PAID
        yield NewRow(charge, AdjustmentKind.CORRECTION, Side.INSURANCE, line.difference, reason, on)
    if line.to_patient:
        yield _move(line, charge, on)


def _reason(cas: Cas) -> str:
    """Return the payer's reason in words, with its code."""
    known = carc(cas.carc)
    words = "As the payer says" if known is None else known.words.rstrip(".")
    return f"{words} ({cas.code})"[:_LONGEST_REASON]


def _move(line: DecidedLine, charge: BilledCharge, on: date) -> NewRow:
    code = line.patient_carc
    group = PATIENT_GROUP if code else ""
    if line.to_patient > 0:
        words = _reason(Cas(group, code, 0)) if code else "The client's share"
        kind, side = AdjustmentKind.TO_PATIENT, Side.INSURANCE
        return NewRow(charge, kind, side, line.to_patient, words, on, group, code)
    words = "The payer leaves the client a smaller share"
    kind, side = AdjustmentKind.TO_PAYER, Side.PATIENT
    return NewRow(charge, kind, side, -line.to_patient, words, on, group, code)


def charges_in(claims: Iterable[DecidedClaim]) -> set[int]:
    """Return the charges that claims are about."""
    return {
        line.line.charge_id
        for claim in claims
        for line in claim.lines
        if line.line.charge_id is not None
    }
