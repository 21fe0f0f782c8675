"""Checks that an adjustment is what its entry did, and stands while its entry stands."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from typing import Final

from fscdesk.services.ledger.accounts import (
    BAD_DEBT,
    CONTRACTUAL,
    DISCOUNTS,
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.ledger.offenders import Found, ask
from fscdesk.services.work import Work

_MOVES: Final = "('to_patient', 'to_payer')"
_TAKES: Final = (
    f"CASE a.kind WHEN 'contractual' THEN '{CONTRACTUAL}'"
    f" WHEN 'bad_debt' THEN '{BAD_DEBT}' WHEN 'small_balance' THEN '{BAD_DEBT}'"
    f" WHEN 'to_patient' THEN '{PATIENT_RECEIVABLE}'"
    f" WHEN 'to_payer' THEN '{INSURANCE_RECEIVABLE}' ELSE '{DISCOUNTS}' END"
)
"""The account that takes the amount. Said anew here, apart from the rules that post it."""
_GIVES: Final = (
    f"CASE WHEN a.recorded THEN '{RECORDED_IN_SIMPLEPRACTICE}'"
    f" WHEN a.side = 'patient' THEN '{PATIENT_RECEIVABLE}' ELSE '{INSURANCE_RECEIVABLE}' END"
)


def adjustments_as_posted(work: Work) -> Found:
    """An adjustment's kind, side, amount and charge are those of its entry.

    It is posted while its entry stands, and reversed when that is. The remittance that it
    names is a payer's.
    """
    lines = ask(
        work,
        "SELECT DISTINCT a.id, a.number, a.kind, a.side FROM adjustment a"
        " JOIN journal_entry e ON e.id = a.entry_id JOIN journal_line l ON l.entry_id = a.entry_id"
        f" WHERE NOT ((l.account = {_TAKES} AND l.amount = a.amount)"
        f" OR (l.account = {_GIVES} AND l.amount = -a.amount))"
        " OR l.charge_id IS DISTINCT FROM a.charge_id"
        " OR l.patient_id IS DISTINCT FROM a.patient_id"
        f" OR e.kind <> CASE WHEN a.kind IN {_MOVES} THEN 'responsibility' ELSE 'adjustment' END"
        " ORDER BY a.id",
        lambda row: (
            f"adjustment {row.number} ({row.kind.replace('_', ' ')}, {row.side}) is not what its"
            " entry did"
        ),
    )
    standing = ask(
        work,
        "WITH RECURSIVE chain AS (SELECT a.id AS adjustment_id, a.entry_id, 0 AS turns"
        " FROM adjustment a WHERE a.entry_id IS NOT NULL"
        " UNION ALL SELECT chain.adjustment_id, e.id, chain.turns + 1 FROM chain"
        " JOIN journal_entry e ON e.reverses_id = chain.entry_id)"
        " SELECT a.number, a.status FROM adjustment a"
        " JOIN (SELECT adjustment_id, max(turns) % 2 AS gone FROM chain GROUP BY adjustment_id) t"
        " ON t.adjustment_id = a.id WHERE a.status <> CASE WHEN t.gone = 0 THEN 'posted'"
        " ELSE 'reversed' END ORDER BY a.id",
        lambda row: f"adjustment {row.number} is {row.status}, its entry says otherwise",
    )
    remitted = ask(
        work,
        "SELECT a.number, p.number AS payment FROM adjustment a"
        " JOIN payment p ON p.id = a.payment_id WHERE p.payer_id IS NULL ORDER BY a.id",
        lambda row: f"adjustment {row.number} names payment {row.payment}, which is no payer's",
    )
    return lines + standing + remitted
