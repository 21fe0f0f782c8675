"""Which payer sent money that the bank shows: by a rule, by its id, or by what it sent before."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from fscdesk.models.bank import BankLine, BankRule
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Remittance
from fscdesk.services.banking.bank_words import plain
from fscdesk.services.work import Work


def payer_of_line(work: Work, line_id: int) -> int | None:
    """Return the payer behind a line of the bank; None where nobody, or more than one, fits.

    What a person said of the same words goes first. Then the sender's id (TRN03, a payer's tax id
    behind a 1) is looked for among the payers' own ids, and in the remittances that came before.
    """
    line = work.db.get(BankLine, line_id)
    if line is None:
        return None
    return _by_rule(work, line) or _by_sender(work, line.sender.strip().upper())


def _by_rule(work: Work, line: BankLine) -> int | None:
    rows = work.db.execute(
        select(BankRule.payer_id, func.sum(BankRule.confirmed).label("often"))
        .join(Payer, Payer.id == BankRule.payer_id)
        .where(
            BankRule.words == plain(line.words),
            BankRule.money_in.is_(line.amount.cents > 0),
            BankRule.active.is_(True),
            Payer.active.is_(True),
            or_(
                BankRule.bank_account_id.is_(None),
                BankRule.bank_account_id == line.bank_account_id,
            ),
        )
        .group_by(BankRule.payer_id)
    ).all()
    most = max((row.often for row in rows), default=0)
    return _only([row.payer_id for row in rows if row.often == most])


def _by_sender(work: Work, sender: str) -> int | None:
    if not sender:
        return None
    ids = {sender, sender[1:]} if sender.startswith("1") else {sender}
    coded = work.db.scalars(
        select(Payer.id).where(func.upper(Payer.payer_code).in_(ids), Payer.active.is_(True))
    ).all()
    if coded:
        return _only(coded)
    before = work.db.scalars(
        select(Remittance.payer_id)
        .join(Payer, Payer.id == Remittance.payer_id)
        .where(
            Remittance.identity.startswith(f"{sender}|", autoescape=True), Payer.active.is_(True)
        )
        .distinct()
    ).all()
    return _only([one for one in before if one is not None])


def _only(found: Sequence[int]) -> int | None:
    """Return the one that was found, or None."""
    return found[0] if len(found) == 1 else None
