"""The card report: charges, refunds and payouts with their fees. It posts nothing.

Its rows are kept, each once by its id, and linked to the payments that they belong to and to the
payout that brought them: what it brought, less fees, is deposited and reconciled by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select, update

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.simplepractice import CardTransaction
from fscdesk.services.banking.bank_days import PAID_OUT_WITHIN, is_bank_day, shown_day
from fscdesk.services.banking.payouts import link_payouts
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.id_sets import among_words
from fscdesk.services.importing.readers.card_transactions import CHARGE, PAYOUT, REFUND, CardRow
from fscdesk.services.importing.report_signatures import CARD_TRANSACTIONS
from fscdesk.services.importing.reports.card_linking import link_cards
from fscdesk.services.importing.reports.payment_words import key_of
from fscdesk.services.importing.reports.payments_undone import forget_rows
from fscdesk.services.importing.reports_engine import (
    Applying,
    Decision,
    Kept,
    Named,
    Planning,
    ReportKind,
    Step,
)
from fscdesk.services.work import Topic, Work

Plan = Planning[CardRow]
LONGEST = 64
_COLUMNS = (
    *("id", "transaction_id", "source_id", "kind", "patient_id", "amount", "fee", "net"),
    *("created_on", "available_on", "batch_id"),
)
_WORDS = {CHARGE: "charged", REFUND: "paid back", PAYOUT: "paid out to the bank"}


@dataclass(slots=True)
class _State:
    known: dict[str, int]
    seen: dict[str, int]


class CardTransactions(ReportKind[CardRow]):
    """Rows become card transactions."""

    profile: ClassVar[str] = CARD_TRANSACTIONS
    makes_clients: ClassVar[bool] = True
    asks_which: ClassVar[bool] = False
    topics: ClassVar[tuple[Topic, ...]] = (Topic.PAYMENTS, Topic.BANK)

    def named(self, row: CardRow) -> Named:
        """Return the client; a payout has none."""
        return Named(client=row.client, day=row.created_day)

    def begin(self, planning: Plan) -> _State:
        """Read which transactions are stored."""
        ids = [id_of(row) for row in planning.report.rows]
        rows = planning.work.db.execute(
            select(CardTransaction.transaction_id, CardTransaction.id).where(
                among_words(planning.work, CardTransaction.transaction_id, ids)
            )
        )
        return _State({row.transaction_id: row.id for row in rows}, {})

    def which(self, planning: Plan, at: int, patients: Sequence[int]) -> int | None:
        """Leave a shared name open: the payment tells whose card it was."""
        del planning, at, patients
        return None

    def plan_row(self, planning: Plan, at: int, row: CardRow) -> Decision:
        """Say whether a transaction is new."""
        del at
        state: _State = planning.state
        told = id_of(row)
        if not row.transaction_id:
            return Decision(Verdict.SKIPPED, reason="The row has no transaction id")
        if told in state.seen:
            where = state.seen[told]
            return Decision(Verdict.SKIPPED, reason=f"This transaction stands in line {where} too")
        state.seen[told] = row.line
        if told in state.known:
            return Decision(
                Verdict.UNCHANGED,
                reason="This transaction is known",
                noun="card_transaction",
                noun_id=state.known[told],
            )
        for day in (row.created_day, row.available_on or row.created_day):
            if not is_bank_day(day, planning.work.today(), ahead=PAID_OUT_WITHIN):
                return Decision(Verdict.SKIPPED, reason=f"{shown_day(day)} cannot be its day")
        words = f"{row.amount} {_WORDS.get(row.kind, row.kind)}, fee {row.fee}"
        return Decision(Verdict.NEW, what=words, step=told)

    def apply(self, applying: Applying) -> None:
        """Store the new transactions; find their payments and their payouts."""
        self.insert(applying, applying.steps)
        link_cards(applying.work)
        link_payouts(applying.work)

    def insert(self, applying: Applying, steps: Sequence[Step]) -> None:
        """Store the transactions of some steps."""
        work, names = applying.work, applying.prepared.names
        ids = list(reserve_ids(work, "card_transaction", len(steps)))
        rows = []
        for ident, step in zip(ids, steps, strict=True):
            row: CardRow = applying.row(step)
            available = None if row.available_on is None else row.available_on.isoformat()
            rows.append(
                (
                    *(ident, step.step, row.source_id[:LONGEST], row.kind[:LONGEST]),
                    applying.patient(names.patient(step.at)),
                    *(row.amount.cents, row.fee.cents, row.net.cents),
                    *(row.created_day.isoformat(), available, applying.batch.id),
                )
            )
            applying.kept[step.row_id] = Kept("card_transaction", ident)
        insert_rows(work, "card_transaction", _COLUMNS, rows)
        work.db.expire_all()

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Forget the transactions; rows of other reports lose a payout that is forgotten."""
        gone = select(CardTransaction.id).where(CardTransaction.batch_id == batch.id)
        work.db.execute(
            update(CardTransaction)
            .where(CardTransaction.payout_id.in_(gone))
            .values(payout_id=None)
        )
        return forget_rows(work, CardTransaction, batch)


def id_of(row: CardRow) -> str:
    """Return the key by which a row is known again."""
    return key_of("", row.transaction_id)
