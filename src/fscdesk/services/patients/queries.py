"""The list of patients: what it finds, in which order, with which sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import func, select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.id_sets import among
from fscdesk.services.index_hints import from_index
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.details import (
    AliasRow,
    AuthorizationRow,
    PatientDetail,
    aliases_of,
    patient_detail,
)
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.patients.names import sort_name as sorted_as
from fscdesk.services.patients.policy_rows import primary_payers
from fscdesk.services.remembering import remembered
from fscdesk.services.sessions.filters import BY_OPEN, LIVE, OPEN
from fscdesk.services.work import Topic, Work

__all__ = [
    "NOBODY",
    "SORTS",
    "VIEWS",
    "AliasRow",
    "AuthorizationRow",
    "PatientDetail",
    "PatientFilter",
    "PatientRow",
    "aliases_of",
    "page_of_patients",
    "patient_counts",
    "patient_detail",
]

TOPICS = frozenset(
    {
        Topic.PATIENTS,
        Topic.SESSIONS,
        Topic.LEDGER,
        Topic.IMPORTS,
        Topic.PAYERS,
        Topic.PROVIDERS,
    }
)
VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "client_owes": "Client owes",
        "payer_owes": "Payer owes",
        "credits": "Credits",
        "no_address": "No address",
        "same_name": "Two with one name",
        "inactive": "Inactive",
    }
)
"""The built-in views. ``credits``: unapplied credit, or a payer that paid too much;
``no_address``: a statement could not be mailed; ``same_name``: somebody else is called so."""
NOBODY = 0
"""The payer or clinician id that stands for none."""


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient as the list shows him.

    ``payer`` is the primary of today, or the payer of the newest session where no policy
    is known. ``last_session`` is the last that was held.
    """

    id: int
    number: str
    name: str
    guarantor_id: int
    guarantor: str
    payer: str
    provider: str
    last_session: date | None
    client_owes: Money
    payer_owes: Money
    unapplied: Money
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class PatientFilter:
    """The question above the list; empty means any. Payer 0 is self-pay."""

    text: str = ""
    payers: tuple[int, ...] = ()
    providers: tuple[int, ...] = ()
    guarantor_id: int | None = None
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> PatientFilter:
        """Read what the table part holds: text, payer, clinician, guarantor, view.

        Raises KeyError for any other key.
        """
        return cls(**fields_asked(asked, _SINGLE, numbers=_PICKED))


_PICKED = {"payer": "payers", "clinician": "providers"}
_SINGLE = {"text": "text", "guarantor": "guarantor_id", "view": "view"}


class _Facts(NamedTuple):
    """A patient as sorting and filtering need him; amounts in cents."""

    id: int
    number: str
    sort: str
    guarantor_id: int
    guarantor: str
    payer_id: int
    provider_id: int
    client_owes: int
    payer_owes: int
    unapplied: int
    active: bool
    has_address: bool
    name_shared: bool


def page_of_patients(work: Work, wanted: PatientFilter, span: Span) -> Page[PatientRow]:
    """Return a span of the matching patients, how many match, and the sums of all of them.

    Sort keys: name, number, guarantor, payer, clinician, last, client, payer_owes,
    unapplied. Totals: ``client``, ``payer_owes``, ``unapplied``.
    """
    found = _matching(work, wanted)
    key = _sorting(work, span.sort)
    found.sort(key=lambda one: (key(one), one.sort, one.id), reverse=span.descending)
    totals = {
        "client": Money(sum(one.client_owes for one in found)),
        "payer_owes": Money(sum(one.payer_owes for one in found)),
        "unapplied": Money(sum(one.unapplied for one in found)),
    }
    shown = found[span.start : span.start + span.size]
    return Page(span.start, len(found), _rows(work, shown), totals)


def patient_counts(work: Work, base: PatientFilter | None = None) -> dict[str, int]:
    """Return how many patients each built-in view has, within ``base``."""
    within = base or PatientFilter()
    return {
        view: len(
            _matching(
                work,
                PatientFilter(
                    within.text, within.payers, within.providers, within.guarantor_id, view
                ),
            )
        )
        for view in VIEWS
    }


def _matching(work: Work, wanted: PatientFilter) -> list[_Facts]:
    found = _everybody(work)
    words = wanted.text.split()
    if words:
        ids = set(patients_with(work, [fold(word) for word in words]))
        found = [one for one in found if one.id in ids]
    if wanted.payers:
        found = [one for one in found if one.payer_id in wanted.payers]
    if wanted.providers:
        found = [one for one in found if one.provider_id in wanted.providers]
    if wanted.guarantor_id is not None:
        found = [one for one in found if one.guarantor_id == wanted.guarantor_id]
    return [one for one in found if _VIEWED[wanted.view](one)]


_VIEWED: Mapping[str, Callable[[_Facts], bool]] = MappingProxyType(
    {
        "all": lambda one: one.id > 0,
        "client_owes": lambda one: one.client_owes > 0,
        "payer_owes": lambda one: one.payer_owes > 0,
        "credits": lambda one: one.unapplied > 0 or one.payer_owes < 0 or one.client_owes < 0,
        "no_address": lambda one: not one.has_address,
        "same_name": lambda one: one.name_shared,
        "inactive": lambda one: not one.active,
    }
)


def _sorting(work: Work, sort: str) -> Callable[[_Facts], Any]:
    if sort == "payer":
        names = {one: fold(name) for one, name in work.db.execute(_names(Payer))}
        return lambda one: names.get(one.payer_id, "")
    if sort == "clinician":
        people = {one: sorted_as(name) for one, name in work.db.execute(_names(Provider))}
        return lambda one: people.get(one.provider_id, "")
    if sort == "last":
        days = remembered(
            work, TOPICS, ("last sessions", work.today()), lambda: _last_sessions(work)
        )
        return lambda one: days.get(one.id) or date.min
    return _SORTS[sort]


_SORTS: Mapping[str, Callable[[_Facts], Any]] = MappingProxyType(
    {
        "name": lambda one: one.sort,
        "number": lambda one: (len(one.number), one.number),
        "guarantor": lambda one: sorted_as(one.guarantor),
        "client": lambda one: one.client_owes,
        "payer_owes": lambda one: one.payer_owes,
        "unapplied": lambda one: one.unapplied,
    }
)
SORTS = (*_SORTS, "payer", "clinician", "last")


def _names(noun: Any) -> Any:
    return select(noun.id, noun.short_name if noun is Payer else noun.name)


def _everybody(work: Work) -> list[_Facts]:
    """Return every patient who was not withdrawn: some thousands, kept until one changes."""

    def compute() -> tuple[_Facts, ...]:
        owed = _owed(work)
        payers = {**_last_payers(work), **primary_payers(work, work.today())}
        found = work.db.execute(
            select(
                Patient.id,
                Patient.number,
                Patient.sort_name,
                Patient.guarantor_id,
                Guarantor.name,
                Patient.provider_id,
                Patient.unapplied,
                Patient.active,
                Guarantor.address1,
                Guarantor.zip_code,
                Guarantor.bad_address,
            )
            .join(Guarantor, Guarantor.id == Patient.guarantor_id)
            .where(Patient.withdrawn.is_(False))
        ).all()
        called = Counter(row[2] for row in found)
        return tuple(
            _Facts(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                payers.get(row[0]) or NOBODY,
                row[5] or NOBODY,
                *owed.get(row[0], (0, 0)),
                row[6].cents,
                row[7],
                bool(row[8] and row[9] and not row[10]),
                called[row[2]] > 1,
            )
            for row in found
        )

    return list(remembered(work, TOPICS, ("patients", work.today()), compute))


def _owed(work: Work) -> dict[int, tuple[int, int]]:
    """Return (client owes, payer owes) in cents by patient, from the open sessions alone."""
    asked = (
        select(
            Session.patient_id,
            func.sum(Session.patient_balance),
            func.sum(Session.insurance_balance),
        )
        .where(LIVE, OPEN)
        .group_by(Session.patient_id)
    )
    found = work.db.execute(from_index(asked, Session, BY_OPEN))
    return {patient_id: (client.cents, payer.cents) for patient_id, client, payer in found}


def _last_payers(work: Work) -> dict[int, int | None]:
    """Return the payer of each patient's newest session: who pays where no policy is known."""
    newest = (
        select(Session.payer_id)
        .where(Session.patient_id == Patient.id, LIVE)
        .order_by(Session.day.desc(), Session.minute.desc())
        .limit(1)
        .scalar_subquery()
    )
    return {row[0]: row[1] for row in work.db.execute(select(Patient.id, newest))}


def _last_sessions(work: Work, ids: Sequence[int] | None = None) -> dict[int, date | None]:
    """Return the last session held by today: one hop into an index for each patient."""
    held = (
        select(Session.day)
        .where(
            Session.patient_id == Patient.id,
            LIVE,
            Session.attendance == Attendance.COMPLETED,
            Session.day <= work.today(),
        )
        .order_by(Session.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    asked = select(Patient.id, held)
    if ids is not None:
        asked = asked.where(among(work, Patient.id, ids))
    return {row[0]: row[1] for row in work.db.execute(asked)}


def _rows(work: Work, shown: list[_Facts]) -> tuple[PatientRow, ...]:
    if not shown:
        return ()
    ids = [one.id for one in shown]
    names = {
        row.id: (row.name, row.version)
        for row in work.db.execute(
            select(Patient.id, Patient.name, Patient.version).where(among(work, Patient.id, ids))
        )
    }
    payers = {row[0]: row[1] for row in work.db.execute(_names(Payer))}
    providers = {row[0]: row[1] for row in work.db.execute(_names(Provider))}
    last = _last_sessions(work, ids)
    return tuple(
        PatientRow(
            id=one.id,
            number=one.number,
            name=names[one.id][0],
            guarantor_id=one.guarantor_id,
            guarantor=one.guarantor,
            payer=payers.get(one.payer_id, "Self-pay"),
            provider=providers.get(one.provider_id, ""),
            last_session=last[one.id],
            client_owes=Money(one.client_owes),
            payer_owes=Money(one.payer_owes),
            unapplied=Money(one.unapplied),
            active=one.active,
            version=names[one.id][1],
        )
        for one in shown
    )
