"""The services that a number of the denial rates is made of, each with what became of it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, Frequency
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claim_line_answers import (
    PAID,
    carc_of_answer,
    group_of_answer,
    is_denied,
)
from fscdesk.services.claims.denial_rates import DenialsBy, row_key
from fscdesk.services.claims.denied_lines import NO_REASON
from fscdesk.services.claims.first_answers import (
    TOPICS,
    FirstAnswer,
    first_answers,
    was_denied,
)
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.remembering import remembered
from fscdesk.services.remittances.reasons import Category, carc
from fscdesk.services.work import Work

_PAYERS: Final = 1 << 20


class Counted(enum.StrEnum):
    """Which number of a row: all answered, those denied first, paid since, or still open."""

    DENIED = "denied"
    TURNED = "turned"
    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """A payer's first answer to a service, as a rate counts it.

    ``denied`` says whether that was a denial; then ``why`` is its code (``CO-97``), ``reason``
    our words for it, ``category`` its kind. ``now`` is ``paid``, ``denied``, or empty where the
    payer took its answer back. ``open`` is what the charge has open with payers today.
    ``claim_id`` is the newest claim of ours, None where it was billed elsewhere; ``line`` is
    the position on it.
    """

    id: int
    charge_id: int
    session_id: int | None
    claim_id: int | None
    line: int
    number: str
    patient_id: int
    patient: str
    sort_name: str
    payer: str
    clinician: str
    code: str
    day: date
    answered_on: date
    amount: Money
    denied: bool
    why: str
    reason: str
    category: Category | None
    now: str
    open: Money


@dataclass(frozen=True, slots=True)
class CountedFilter:
    """Which answers: those of a period, of one row of the rates (all rows where ``key`` is None).

    ``what`` is the number of that row; ``text`` is words that are found in what is shown.
    """

    first: date
    last: date
    by: DenialsBy
    key: str | None = None
    what: Counted = Counted.DENIED
    text: str = ""


_KEYS: Mapping[str, Callable[[CountedAnswer], Any]] = MappingProxyType(
    {
        "answered_on": lambda one: one.answered_on,
        "day": lambda one: one.day,
        "patient": lambda one: one.sort_name,
        "payer": lambda one: one.payer,
        "clinician": lambda one: one.clinician,
        "code": lambda one: one.code,
        "reason": lambda one: (len(one.why), one.why),
        "now": lambda one: one.now,
        "amount": lambda one: one.amount,
        "open": lambda one: one.open,
    }
)
SORTS: Final = (*_KEYS,)


def page_of_counted(work: Work, wanted: CountedFilter, span: Span) -> Page[CountedAnswer]:
    """Return a span of the answers, how many there are, and the sums ``amount`` and ``open``.

    ``span.sort`` is one of ``SORTS``. Needs the right to see reports.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    found = _matching(work, wanted)
    key = _KEYS[span.sort]
    found.sort(key=lambda one: (key(one), one.id), reverse=span.descending)
    totals = {
        "amount": sum((one.amount for one in found), ZERO),
        # What two payers have denied is open once.
        "open": sum({one.charge_id: one.open for one in found}.values(), ZERO),
    }
    shown = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), shown, totals)


def _matching(work: Work, wanted: CountedFilter) -> list[CountedAnswer]:
    asked = wanted.first, wanted.last, wanted.by, wanted.key
    rows = remembered(work, TOPICS, ("denials counted", *asked), lambda: _read(work, wanted))
    words = wanted.text.casefold().split()
    return [
        one
        for one in rows
        if _counts(one, wanted.what) and all(word in _said(one) for word in words)
    ]


def _counts(one: CountedAnswer, what: Counted) -> bool:
    return {
        Counted.ANSWERED: True,
        Counted.DENIED: one.denied,
        Counted.TURNED: one.denied and one.now == PAID,
        Counted.OPEN: one.denied and one.now != PAID and one.open > ZERO,
    }[what]


def _said(one: CountedAnswer) -> str:
    said = (one.patient, one.payer, one.clinician, one.code, one.why, one.reason, one.number)
    return " ".join((*said, f"{one.day:%m/%d/%Y}")).casefold()


def _read(work: Work, wanted: CountedFilter) -> tuple[CountedAnswer, ...]:
    found = [
        one
        for one in first_answers(work, wanted.first, wanted.last)
        if _of_row(one, wanted.by, wanted.key)
    ]
    charges = _charges(work, [one.charge_id for one in found])
    claims = _claims(work, [one.charge_id for one in found])
    payers = {row.id: row.short_name for row in work.db.execute(select(Payer.id, Payer.short_name))}
    people = {row.id: row.name for row in work.db.execute(select(Provider.id, Provider.name))}
    rows: list[CountedAnswer] = []
    for one in found:
        charge, claim = charges[one.charge_id], claims.get((one.charge_id, one.payer_id))
        group, code = group_of_answer(one.said), carc_of_answer(one.said)
        reason = carc(code) if code else None
        denied = was_denied(one)
        rows.append(
            CountedAnswer(
                id=one.charge_id * _PAYERS + one.payer_id,
                charge_id=one.charge_id,
                session_id=charge.session_id,
                claim_id=None if claim is None else claim.claim_id,
                line=0 if claim is None else claim.position,
                number="" if claim is None else claim.number,
                patient_id=charge.patient_id,
                patient=charge.name,
                sort_name=charge.sort_name,
                payer=payers.get(one.payer_id, ""),
                clinician=people.get(one.clinician_id or 0, ""),
                code=one.code,
                day=charge.service_day,
                answered_on=one.day,
                amount=one.amount,
                denied=denied,
                why=f"{group}-{code}" if group and code else code,
                reason=_words(reason.words if reason else "", denied=denied),
                category=(reason.category if reason else Category.OTHER) if denied else None,
                now="denied" if is_denied(one.now) else one.now,
                open=Money(max(one.open.cents, 0)),
            )
        )
    return tuple(rows)


def _of_row(one: FirstAnswer, by: DenialsBy, key: str | None) -> bool:
    """Return whether an answer counts in a row; by category every row has answered them all."""
    if key is None:
        return True
    own = row_key(one, by)
    return own == key or (by is DenialsBy.CATEGORY and not was_denied(one))


def _words(reason: str, *, denied: bool) -> str:
    return (reason or NO_REASON) if denied else ""


def _charges(work: Work, ids: Sequence[int]) -> dict[int, Any]:
    rows = work.db.execute(
        select(
            Charge.id,
            Charge.session_id,
            Charge.patient_id,
            Charge.service_day,
            Patient.name,
            Patient.sort_name,
        )
        .join(Patient, Patient.id == Charge.patient_id)
        .where(among(work, Charge.id, ids))
    )
    return {row.id: row for row in rows}


def _claims(work: Work, ids: Sequence[int]) -> dict[tuple[int, int], Any]:
    """Return the line of the newest claim by charge and payer."""
    newest = (
        select(func.max(ClaimLine.id))
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(among(work, ClaimLine.charge_id, ids), Claim.frequency != Frequency.VOID)
        .group_by(ClaimLine.charge_id, Claim.payer_id)
    )
    rows = work.db.execute(
        select(
            ClaimLine.charge_id,
            ClaimLine.claim_id,
            ClaimLine.position,
            Claim.payer_id,
            Claim.number,
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimLine.id.in_(newest))
    )
    return {(row.charge_id, row.payer_id): row for row in rows}
