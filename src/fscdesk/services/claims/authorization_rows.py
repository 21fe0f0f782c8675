"""Lists authorizations with what is left of them, what waits to take it, and what to ask for."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select

from fscdesk.models.claim import Claim
from fscdesk.models.coverage import Authorization, Counts
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.services.authorization_uses import uses_wanted
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work

FEW_LEFT: Final = 2
DAYS_AHEAD: Final = 30


class Warns(enum.StrEnum):
    """What of an authorization asks for a look; the gravest of several."""

    USED_UP = "used_up"
    ENDED = "ended"
    FEW_LEFT = "few_left"
    ENDS_SOON = "ends_soon"


VIEWS: Final = {"current": "Current", "asks": "Ask for more", "ended": "Ended", "all": "All"}
"""``asks``: in force, and with few left or ending soon; ``ended``: over or used up."""
SORTS: Final = ("patient", "payer", "number", "from", "to", "left", "granted")


@dataclass(frozen=True, slots=True)
class AuthorizationFields:
    """What a person types. ``codes`` empty: any service; ``used_before``: used before fscdesk."""

    payer_id: int
    number: str
    granted: int
    valid_from: date
    valid_to: date
    codes: tuple[str, ...] = ()
    counts: Counts = Counts.VISITS
    used_before: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """An authorization with what is left of it; ``warning`` is a sentence, empty where all is well.

    ``waiting`` is what claims that are not sent yet will take.
    """

    id: int
    patient_id: int
    patient: str
    payer: str
    fields: AuthorizationFields
    used: int
    left: int
    waiting: int
    warns: Warns | None
    warning: str
    version: int


@dataclass(frozen=True, slots=True)
class AuthorizationFilter:
    """Which authorizations; what is empty asks for nothing.

    ``text`` finds client, payer and number.
    """

    text: str = ""
    patient_id: int | None = None
    payer_id: int | None = None
    view: str = "current"


def page_of_authorizations(
    work: Work, wanted: AuthorizationFilter, span: Span
) -> Page[AuthorizationRow]:
    """Return some authorizations; ``span.sort`` is one of ``SORTS``."""
    conditions = _conditions(work, wanted)
    if conditions is None:
        return Page(span.start, 0, ())
    sorts: dict[str, Any] = {
        "patient": Patient.sort_name,
        "payer": Payer.short_name,
        "number": Authorization.number,
        "from": Authorization.valid_from,
        "to": Authorization.valid_to,
        "left": Authorization.granted - Authorization.used,
        "granted": Authorization.granted,
    }
    key, one = sorts[span.sort], Authorization.id
    order = (key.desc(), one.desc()) if span.descending else (key, one)
    found = _joined().where(*conditions).order_by(*order).offset(span.start).limit(span.size)
    count = select(func.count()).select_from(Authorization).where(*conditions)
    return Page(span.start, work.db.scalar(count) or 0, _rows(work, found))


def authorizations_of(
    work: Work, patient_id: int, *, payer_id: int | None = None, on: date | None = None
) -> tuple[AuthorizationRow, ...]:
    """Return a client's authorizations (of one payer, in force on a day), the newest first."""
    found = _joined().where(Authorization.patient_id == patient_id)
    if payer_id is not None:
        found = found.where(Authorization.payer_id == payer_id)
    if on is not None:
        found = found.where(Authorization.valid_from <= on, Authorization.valid_to >= on)
    return _rows(work, found.order_by(Authorization.valid_from.desc(), Authorization.id.desc()))


def counted(number: int, counts: Counts) -> str:
    """Return visits or units as words: ``1 visit``, ``0 units``."""
    noun = "visit" if counts is Counts.VISITS else "unit"
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _conditions(work: Work, wanted: AuthorizationFilter) -> list[ColumnElement[bool]] | None:
    today = work.today()
    over = or_(Authorization.valid_to < today, Authorization.used >= Authorization.granted)
    asks = or_(
        Authorization.granted - Authorization.used <= FEW_LEFT,
        Authorization.valid_to <= today + timedelta(days=DAYS_AHEAD),
    )
    views: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "current": [Authorization.valid_to >= today],
        "asks": [Authorization.valid_to >= today, Authorization.valid_from <= today, asks],
        "ended": [over],
    }
    conditions = list(views[wanted.view])
    if wanted.patient_id is not None:
        conditions.append(Authorization.patient_id == wanted.patient_id)
    if wanted.payer_id is not None:
        conditions.append(Authorization.payer_id == wanted.payer_id)
    for word in wanted.text.split():
        folded = fold(word)
        payers = [
            row.id
            for row in work.db.execute(select(Payer.id, Payer.name, Payer.short_name))
            if folded in fold(f"{row.name} {row.short_name}")
        ]
        conditions.append(
            or_(
                func.upper(Authorization.number).startswith(word.upper(), autoescape=True),
                among(work, Authorization.patient_id, patients_with(work, [folded])),
                among(work, Authorization.payer_id, payers),
            )
        )
    return conditions


def _joined() -> Select[Authorization, str, str]:
    return (
        select(Authorization, Patient.name, Payer.short_name)
        .join(Patient, Patient.id == Authorization.patient_id)
        .join(Payer, Payer.id == Authorization.payer_id)
    )


def _rows(work: Work, found: Select[Authorization, str, str]) -> tuple[AuthorizationRow, ...]:
    rows = work.db.execute(found).all()
    waiting = _waiting(work, [row[0].id for row in rows])
    return tuple(
        _row(one, patient, payer, waiting.get(one.id, 0), work.today())
        for one, patient, payer in rows
    )


def _waiting(work: Work, ids: Collection[int]) -> dict[int, int]:
    """Return what claims that are not sent will take of authorizations."""
    claims = work.db.scalars(
        select(Claim.id).where(among(work, Claim.authorization_id, ids), Claim.status.in_(UNSENT))
    ).all()
    taken: dict[int, int] = defaultdict(int)
    for one, _line, quantity, _number in uses_wanted(work, claims):
        taken[one] += quantity
    return taken


def _row(
    one: Authorization, patient: str, payer: str, waiting: int, today: date
) -> AuthorizationRow:
    warns, warning = _warned(one, today)
    return AuthorizationRow(
        id=one.id,
        patient_id=one.patient_id,
        patient=patient,
        payer=payer,
        fields=AuthorizationFields(
            payer_id=one.payer_id,
            number=one.number,
            granted=one.granted,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            codes=tuple(one.code.split()),
            counts=one.counts,
            used_before=one.used_before,
            note=one.note,
        ),
        used=one.used,
        left=one.granted - one.used,
        waiting=waiting,
        warns=warns,
        warning=warning,
        version=one.version,
    )


def _warned(one: Authorization, today: date) -> tuple[Warns | None, str]:
    left, days = one.granted - one.used, (one.valid_to - today).days
    if days < 0:
        return Warns.ENDED, f"It ended on {one.valid_to:%m/%d/%Y}."
    if left <= 0:
        return Warns.USED_UP, "Nothing is left of it. Ask the payer for more."
    if left <= FEW_LEFT:
        return Warns.FEW_LEFT, f"{counted(left, one.counts).capitalize()} left. Ask for more."
    if days <= DAYS_AHEAD:
        when = "today" if days == 0 else f"in {days} day" + ("" if days == 1 else "s")
        return Warns.ENDS_SOON, f"It ends {when}. Ask for more."
    return None, ""
