"""Services for which a payer gave less than its fee schedule says: a list, and what it mended.

An underpayment is closed by what the payer does: once all that it paid since, with the client's
part, comes to the expected fee, it stands as corrected. A person can accept it with a reason; it
is open again when the payer answers anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Remittance, RemittanceLine
from fscdesk.models.values import ZERO, Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.remembering import remembered
from fscdesk.services.remittances.fee_answers import (
    FeeAnswer,
    PaidByNow,
    fee_answers,
    paid_by_now,
)
from fscdesk.services.remittances.seeing import REMITTANCES, require_seeing
from fscdesk.services.work import Topic, Work

VIEWS: Mapping[str, str] = MappingProxyType(
    {"open": "Open", "accepted": "Accepted", "corrected": "Corrected", "all": "All"}
)
"""The built-in views. ``corrected``: the payer has given the rest since; ``accepted``: a person
has left it at that."""
TOPICS: Final = frozenset(
    {
        *(Topic.REMITTANCES, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS),
        *(Topic.PAYERS, Topic.IMPORTS),
    }
)


@dataclass(frozen=True, slots=True)
class UnderpaymentRow:
    """A service that was paid too low.

    ``allowed``, ``paid`` and ``patient_share`` are as the payer says in the remittance that is
    named, its newest. ``short`` is what is missing of ``expected`` today; of what was
    corrected it is 0.00, and ``was_short`` says by how much it was. ``reasons`` are the payer's
    for what it took off (``CO-45``). ``corrected_on`` is None where it is open. ``accepted_why`` is
    a person's reason to leave it at that, empty where nobody did.
    """

    line_id: int
    remittance_id: int
    number: str
    trace: str
    paid_on: date
    charge_id: int
    session_id: int | None
    patient_id: int
    patient: str
    sort_name: str
    payer_id: int
    payer: str
    code: str
    modifiers: str
    day: date
    billed: Money
    expected: Money
    allowed: Money
    paid: Money
    patient_share: Money
    short: Money
    was_short: Money
    reasons: tuple[str, ...]
    corrected_on: date | None
    accepted_why: str = ""

    @property
    def id(self) -> int:
        """Return the payer's newest answer, which names the row."""
        return self.line_id


@dataclass(frozen=True, slots=True)
class UnderpaymentFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which is found in the client, the payer, the code, the remittance's
    number or trace, or is the service's day. ``from_day`` and ``to_day`` are of the service.
    ``least`` leaves out what is short (or was) by less.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    payers: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    least: Money = ZERO
    view: str = "open"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> UnderpaymentFilter:
        """Read what the table part holds: text, view, least, day (first, last), payer, code.

        Raises KeyError for any other key.
        """
        return cls(
            **fields_asked(
                asked,
                {"text": "text", "view": "view", "least": "least"},
                texts={"code": "codes"},
                numbers={"payer": "payers"},
                days=True,
            )
        )


_KEYS: Mapping[str, Callable[[UnderpaymentRow], Any]] = MappingProxyType(
    {
        "short": lambda one: one.short or one.was_short,
        "day": lambda one: one.day,
        "paid_on": lambda one: one.paid_on,
        "patient": lambda one: one.sort_name,
        "payer": lambda one: one.payer,
        "code": lambda one: (one.code, one.modifiers),
        "expected": lambda one: one.expected,
        "allowed": lambda one: one.allowed,
        "paid": lambda one: one.paid,
        "number": lambda one: one.remittance_id,
    }
)
SORTS: Final = (*_KEYS,)


def page_of_underpayments(
    work: Work, wanted: UnderpaymentFilter, span: Span
) -> Page[UnderpaymentRow]:
    """Return a span of the matching underpayments, how many match, and the sums of them.

    ``span.sort`` is one of ``SORTS``. The sums are ``expected``, ``short`` and ``was_short``.
    """
    require_seeing(work, REMITTANCES, "what payers paid too little")
    return find_underpayments(work, wanted, span)


def find_underpayments(work: Work, wanted: UnderpaymentFilter, span: Span) -> Page[UnderpaymentRow]:
    """Return what ``page_of_underpayments`` does, for the program itself: nobody is asked."""
    found = _matching(work, wanted)
    key = _KEYS[span.sort]
    found.sort(key=lambda one: (key(one), one.line_id), reverse=span.descending)
    totals = {
        "expected": sum((one.expected for one in found), ZERO),
        "short": sum((one.short for one in found), ZERO),
        "was_short": sum((one.was_short for one in found), ZERO),
    }
    shown = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), shown, totals)


def underpayment_counts(work: Work, base: UnderpaymentFilter | None = None) -> dict[str, int]:
    """Return how many underpayments each built-in view has, within ``base``: for the tabs."""
    within = base or UnderpaymentFilter()
    return {view: len(_matching(work, replace(within, view=view))) for view in VIEWS}


def _matching(work: Work, wanted: UnderpaymentFilter) -> list[UnderpaymentRow]:
    rows = remembered(work, TOPICS, "underpayments", lambda: _read(work))
    words = [
        (fold(word), frozenset(days_meant(word, work.today()))) for word in wanted.text.split()
    ]
    return [
        one
        for one in rows
        if _in_view(one, wanted.view)
        and _picked(one, wanted)
        and all(_says(one, word, days) for word, days in words)
    ]


def _in_view(one: UnderpaymentRow, view: str) -> bool:
    return {
        "open": one.corrected_on is None and not one.accepted_why,
        "accepted": one.corrected_on is None and bool(one.accepted_why),
        "corrected": one.corrected_on is not None,
        "all": True,
    }[view]


def _picked(one: UnderpaymentRow, wanted: UnderpaymentFilter) -> bool:
    return (
        (wanted.from_day is None or one.day >= wanted.from_day)
        and (wanted.to_day is None or one.day <= wanted.to_day)
        and (not wanted.payers or one.payer_id in wanted.payers)
        and (not wanted.codes or one.code in wanted.codes)
        and (one.short or one.was_short) >= wanted.least
    )


def _says(one: UnderpaymentRow, word: str, days: frozenset[date]) -> bool:
    said = (one.patient, one.payer, one.code, one.number, one.trace)
    return one.day in days or word in fold(" ".join(said))


def _read(work: Work) -> tuple[UnderpaymentRow, ...]:
    answers = fee_answers(work, expected=True)
    low = {key: said for key, said in answers.items() if _was_short(said)}
    paid = paid_by_now(work, {charge for charge, _ in low})
    remittances = {said[-1].remittance_id for said in low.values()}
    people = {
        row.id: row
        for row in work.db.execute(
            select(Patient.id, Patient.name, Patient.sort_name).where(
                among(work, Patient.id, {said[-1].patient_id for said in low.values()})
            )
        )
    }
    payers = {row.id: row.short_name for row in work.db.execute(select(Payer.id, Payer.short_name))}
    heads = {
        row.id: row
        for row in work.db.execute(
            select(Remittance.id, Remittance.number, Remittance.trace).where(
                among(work, Remittance.id, remittances)
            )
        )
    }
    left = {
        row.id: row.accepted_why
        for row in work.db.execute(
            select(RemittanceLine.id, RemittanceLine.accepted_why).where(
                RemittanceLine.accepted_why.is_not(None),
                among(work, RemittanceLine.id, {said[-1].line_id for said in low.values()}),
            )
        )
    }
    rows: list[UnderpaymentRow] = []
    for key, said in low.items():
        newest = said[-1]
        head, person = heads[newest.remittance_id], people[newest.patient_id]
        now = paid.get(key, PaidByNow(0, newest.paid_on))
        expected = newest.expected or 0
        # What comes later as the rest does not say the client's part again.
        patient = max(one.patient for one in said if not one.back)
        short = max(expected - now.cents - patient, 0)
        rows.append(
            UnderpaymentRow(
                line_id=newest.line_id,
                remittance_id=newest.remittance_id,
                number=head.number,
                trace=head.trace,
                paid_on=newest.paid_on,
                charge_id=newest.charge_id,
                session_id=newest.session_id,
                patient_id=newest.patient_id,
                patient=person.name,
                sort_name=person.sort_name,
                payer_id=newest.payer_id,
                payer=payers[newest.payer_id],
                code=newest.code,
                modifiers=newest.modifiers,
                day=newest.day,
                billed=Money(newest.billed),
                expected=Money(expected),
                allowed=Money(newest.allowed),
                paid=Money(newest.paid),
                patient_share=Money(newest.patient),
                short=Money(short),
                was_short=Money(_was_short(said)),
                reasons=newest.reasons,
                corrected_on=None if short else now.last,
                accepted_why=left.get(newest.line_id, ""),
            )
        )
    return tuple(rows)


def _was_short(said: Sequence[FeeAnswer]) -> int:
    """Return by how much the lowest answer missed the fee that was expected; 0 if none did."""
    return max((max((one.expected or 0) - one.given, 0) for one in said), default=0)
