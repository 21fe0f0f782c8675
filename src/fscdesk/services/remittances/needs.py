"""What posting remittances has left for a person to do: denials, what is to explain, too little.

It is read from what stands in the books, whoever posted it, and not foreseen.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.recoupment import Recoupment, RecoupmentKind
from fscdesk.models.remittance import Fate, RemittanceClaim, RemittanceLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import PAYER_CREDITS
from fscdesk.services.paging import Span
from fscdesk.services.remittances.netting import NETTED
from fscdesk.services.remittances.underpayments import UnderpaymentFilter, find_underpayments
from fscdesk.services.work import Work

_MOST = 1_000_000
TAKEN: Final = (RecoupmentKind.TAKEN, RecoupmentKind.TO_EXPLAIN)
"""What a payer took or gave beside its claims, and somebody has to explain."""


class NeedKind(enum.StrEnum):
    """What a person has to do: work on a denial, explain an amount, ask for the rest."""

    DENIED = "denied"
    TO_EXPLAIN = "to_explain"
    UNDERPAID = "underpaid"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do. ``about`` is the claim, item or service, ``amount`` what hangs on it."""

    remittance_id: int
    kind: NeedKind
    about: str
    words: str
    amount: Money

    @property
    def key(self) -> tuple[NeedKind, str, str]:
        """Return what it is known by before and after more is posted."""
        return self.kind, self.about, self.words


@dataclass(frozen=True, slots=True)
class KeptUnposted:
    """A claim of a remittance that is kept and not in the books: why, as it was kept."""

    remittance_id: int
    claim: str
    reason: str
    words: str
    paid: Money


def needs_of(work: Work, remittance_ids: Collection[int]) -> tuple[Need, ...]:
    """Return what stands to be done of what these remittances brought, in their order."""
    if not remittance_ids:
        return ()
    found = [
        *_denials(work, remittance_ids),
        *_to_explain(work, remittance_ids),
        *_too_little(work, remittance_ids),
    ]
    return tuple(sorted(found, key=lambda one: one.remittance_id))


def kept_unposted(work: Work, remittance_ids: Collection[int]) -> tuple[KeptUnposted, ...]:
    """Return the claims of these remittances that were kept and did not post, as they are kept."""
    rows = work.db.execute(
        select(
            RemittanceClaim.remittance_id,
            RemittanceClaim.number,
            RemittanceClaim.why,
            RemittanceClaim.words,
            RemittanceClaim.paid,
        )
        .where(
            among(work, RemittanceClaim.remittance_id, remittance_ids),
            RemittanceClaim.fate == Fate.UNPOSTED,
        )
        .order_by(RemittanceClaim.remittance_id, RemittanceClaim.position)
    )
    return tuple(KeptUnposted(*row) for row in rows)


def denied_words(day: date, code: str, denied: str) -> str:
    """Return what a denial asks for; ``denied`` is its reason, as ``CO-97``."""
    return f"{day:%m/%d/%Y} {code} is denied, {denied}"


def explain_words(reason: str, reference: str, *, taken: bool) -> str:
    """Return what an amount beside the claims asks for."""
    called = f"{reason} {reference}".strip() or "An amount"
    return f"{called} {'was taken' if taken else 'was added'} and is to explain"


def low_words(day: date, code: str, expected: Money) -> str:
    """Return what a service below its fee asks for."""
    return f"{day:%m/%d/%Y} {code} is paid too low: {expected} was agreed"


def _denials(work: Work, remittance_ids: Collection[int]) -> Iterator[Need]:
    """Yield the lines that were denied and still have money with the payer."""
    rows = work.db.execute(
        select(
            RemittanceClaim.remittance_id,
            RemittanceClaim.number,
            RemittanceLine.denied,
            Charge.service_day,
            Charge.code,
            Charge.insurance_balance,
        )
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Charge, Charge.id == RemittanceLine.charge_id)
        .where(
            among(work, RemittanceClaim.remittance_id, remittance_ids),
            RemittanceLine.fate == Fate.POSTED,
            RemittanceLine.denied != "",
            RemittanceClaim.words != NETTED,
            Charge.insurance_balance > ZERO,
        )
        .order_by(RemittanceClaim.position, RemittanceLine.position)
    )
    for row in rows:
        words = denied_words(row.service_day, row.code, row.denied)
        yield Need(row.remittance_id, NeedKind.DENIED, row.number, words, row.insurance_balance)


def _to_explain(work: Work, remittance_ids: Collection[int]) -> Iterator[Need]:
    """Yield what the payer took or gave beside its claims, and nothing explains."""
    rows = work.db.scalars(
        select(Recoupment)
        .where(
            among(work, Recoupment.remittance_id, remittance_ids),
            Recoupment.kind.in_(TAKEN),
            Recoupment.account != PAYER_CREDITS,
            Recoupment.open != ZERO,
            Recoupment.undone.is_(False),
        )
        .order_by(Recoupment.id)
    )
    for row in rows:
        words = explain_words(row.reason_code, row.reference, taken=row.open > ZERO)
        yield Need(row.remittance_id, NeedKind.TO_EXPLAIN, row.number, words, abs(row.open))


def _too_little(work: Work, remittance_ids: Collection[int]) -> Iterator[Need]:
    """Yield services for which the payer gave less than its fee schedule says."""
    wanted = set(remittance_ids)
    span = Span(0, _MOST, "day")
    for row in find_underpayments(work, UnderpaymentFilter(), span).rows:
        if row.remittance_id in wanted:
            code = f"{row.code} {row.modifiers}".strip()
            words = low_words(row.day, code, row.expected)
            yield Need(row.remittance_id, NeedKind.UNDERPAID, row.patient, words, row.short)
