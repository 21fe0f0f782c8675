"""Since when client and payer owe a session, for charges that are to take the place of others.

An exchange does not make an old debt young (DESIGN 11, aging by responsibility date). A side that
owed nothing before owes since the new charge; so does a payer that was another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import JournalLine
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE, PATIENT_RECEIVABLE
from fscdesk.services.sessions.recording import Since
from fscdesk.services.work import Work

_SIDES = {PATIENT_RECEIVABLE: Side.PATIENT, INSURANCE_RECEIVABLE: Side.INSURANCE}


class _Debt(NamedTuple):
    """One side of an old charge that has owed something, and since when."""

    position: int
    side: Side
    payer_id: int | None
    since: date


class DebtAges:
    """How old the debts of some sessions are."""

    def __init__(self, debts: dict[int, list[_Debt]]) -> None:
        self._debts = debts

    def since(self, session_id: int | None, position: int, payer_id: int | None) -> Since:
        """Return the age of a new charge of a session, for this payer.

        It is the age of the charge at its position, else of the oldest of the session.
        """
        debts = self._debts.get(session_id or 0, ())
        client = [one for one in debts if one.side is Side.PATIENT]
        payer = [one for one in debts if one.side is Side.INSURANCE and one.payer_id == payer_id]
        return Since(insurance=_oldest(payer, position), patient=_oldest(client, position))


def debt_ages(work: Work, session_ids: Collection[int]) -> DebtAges:
    """Return how old the debts of these sessions' live charges are. To be asked before voiding."""
    moved = (
        select(
            JournalLine.account,
            Charge.session_id,
            Charge.position,
            Charge.payer_id,
            Charge.insurance_since,
            Charge.patient_since,
        )
        .join(JournalLine, JournalLine.charge_id == Charge.id)
        .where(
            among(work, Charge.session_id, session_ids),
            Charge.voided_on.is_(None),
            JournalLine.account.in_(_SIDES),
        )
        .distinct()
    )
    debts: dict[int, list[_Debt]] = defaultdict(list)
    for row in work.db.execute(moved):
        side = _SIDES[row.account]
        since = row.patient_since if side is Side.PATIENT else row.insurance_since
        debts[row.session_id].append(_Debt(row.position, side, row.payer_id, since))
    return DebtAges(debts)


def _oldest(debts: Sequence[_Debt], position: int) -> date | None:
    there = [one.since for one in debts if one.position == position]
    return min(there or [one.since for one in debts], default=None)
