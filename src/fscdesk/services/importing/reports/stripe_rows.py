"""Stripe's files: rows of the card account, each with the payout that brought it.

A row that the card report has told already is not added again; it learns its payout from here.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Select, select, update

from fscdesk.models.deposit import Deposit
from fscdesk.models.import_batch import ImportBatch, ImportRow, Verdict
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.services.banking.payouts import PAYOUT, link_payouts
from fscdesk.services.bulk import run_many
from fscdesk.services.id_sets import among_words
from fscdesk.services.importing.readers.card_transactions import CardRow
from fscdesk.services.importing.report_signatures import STRIPE_BALANCE, STRIPE_PAYOUTS
from fscdesk.services.importing.reports.card_linking import link_cards
from fscdesk.services.importing.reports.card_transactions import CardTransactions, id_of
from fscdesk.services.importing.reports_engine import Applying, Decision, Kept, Planning
from fscdesk.services.work import Work


class StripePayouts(CardTransactions):
    """Payouts itemized: which payout each row is part of."""

    profile: ClassVar[str] = STRIPE_PAYOUTS
    makes_clients: ClassVar[bool] = False

    def plan_row(self, planning: Planning[CardRow], at: int, row: CardRow) -> Decision:
        """Say whether a row is new, or tells the payout of one that is known."""
        decision = super().plan_row(planning, at, row)
        if decision.verdict is not Verdict.UNCHANGED or not row.payout or not decision.noun_id:
            return decision
        known = planning.work.db.get_one(CardTransaction, decision.noun_id)
        if known.payout_id is not None:
            return decision
        return Decision(
            Verdict.CHANGED,
            what=f"It is part of payout {row.payout}",
            step=id_of(row),
            noun=decision.noun,
            noun_id=decision.noun_id,
        )

    def apply(self, applying: Applying) -> None:
        """Store the new rows, and link every row of the file to its payout."""
        work = applying.work
        told = [applying.row(step) for step in applying.steps]
        known = set(
            work.db.scalars(
                select(CardTransaction.transaction_id).where(
                    among_words(work, CardTransaction.transaction_id, [id_of(row) for row in told])
                )
            )
        )
        self.insert(applying, [step for step in applying.steps if step.step not in known])
        ids = _ids(work, [id_of(row) for row in told])
        payouts = _payouts(work, {row.payout for row in told if row.payout})
        run_many(
            work,
            "UPDATE card_transaction SET payout_id = ? WHERE id = ? AND payout_id IS NULL",
            [
                (payouts[row.payout], ids[id_of(row)])
                for row in told
                if row.payout in payouts and id_of(row) in ids
            ],
        )
        for step in applying.steps:
            if step.step in known:
                applying.kept[step.row_id] = Kept("card_transaction", ids[step.step], {})
        work.db.expire_all()
        link_cards(work)
        link_payouts(work)

    def later_work(self, work: Work, batch: ImportBatch) -> list[str]:
        """Name the deposits of payouts that this file told rows of."""
        told = select(CardTransaction.payout_id).where(
            CardTransaction.id.in_(_changed(batch)), CardTransaction.payout_id.is_not(None)
        )
        numbers = select(Deposit.number).where(Deposit.live_payout_id.in_(told))
        return [f"deposit {number}" for number in work.db.scalars(numbers)]

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Forget the rows, and what was told of the payouts of others."""
        work.db.execute(
            update(CardTransaction)
            .where(CardTransaction.id.in_(_changed(batch)))
            .values(payout_id=None)
        )
        return super().undo(work, batch)


class StripeBalance(StripePayouts):
    """Balance transactions: charges, refunds, fees and payouts, with the payout of each."""

    profile: ClassVar[str] = STRIPE_BALANCE


def _changed(batch: ImportBatch) -> Select[int | None]:
    return select(ImportRow.noun_id).where(
        ImportRow.batch_id == batch.id,
        ImportRow.verdict == Verdict.CHANGED,
        ImportRow.noun == "card_transaction",
    )


def _ids(work: Work, transactions: list[str]) -> dict[str, int]:
    rows = work.db.execute(
        select(CardTransaction.transaction_id, CardTransaction.id).where(
            among_words(work, CardTransaction.transaction_id, transactions)
        )
    )
    return {row.transaction_id: row.id for row in rows}


def _payouts(work: Work, sources: set[str]) -> dict[str, int]:
    rows = work.db.execute(
        select(CardTransaction.source_id, CardTransaction.id).where(
            CardTransaction.kind == PAYOUT, among_words(work, CardTransaction.source_id, sources)
        )
    )
    return {row.source_id: row.id for row in rows}
