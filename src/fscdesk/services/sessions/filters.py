"""What a list of sessions can be asked, and how the question becomes a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, exists, literal_column, or_

from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.asked import fields_asked
from fscdesk.services.claim_standing import standing
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.sessions.searching import found_by_words
from fscdesk.services.work import Work

SELF_PAY = 0
"""The payer id that stands for no payer."""

NOT_KNOWN = 0
"""The location id that stands for none: where the session took place is not known."""

SIGNED = "LOCKED"
"""SimplePractice's word for a progress note that is signed."""

UNBILLED = (BillingStatus.COMPLETED, BillingStatus.DOCUMENTED, BillingStatus.READY_TO_BILL)
WITH_PAYER = (
    BillingStatus.SUBMITTED,
    BillingStatus.PENDING,
    BillingStatus.APPROVED,
    BillingStatus.APPEALING,
)

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "unbilled": "Unbilled",
        "no_signed_note": "No signed note",
        "denied": "Denied",
        "waiting_on_payer": "Waiting on payer",
        "client_owes": "Client owes",
    }
)
"""The built-in views, in the order of their tabs.

``unbilled``: attended, covered by a payer, not yet submitted. ``no_signed_note``: attended,
and the note is not signed. ``waiting_on_payer``: submitted, and the payer still owes.
``client_owes``: the client's balance is above zero.
"""


def _written(words: str) -> ColumnElement[bool]:
    """Write a condition out: a partial index is used only where its own words stand.

    Without a type, as SQLite's dialect would compare a Boolean with 1.
    """
    return literal_column(words)


LIVE = _written("session.withdrawn_by IS NULL")
ON_CLAIM = exists().where(
    ClaimLine.session_id == Session.id, Claim.id == ClaimLine.claim_id, standing()
)
"""That a claim which stands carries the session."""
OPEN = _written("(session.insurance_balance <> 0 OR session.patient_balance <> 0)")

ANY_INDEX = ""
BY_DAY, BY_OPEN = "ix_session_by_day", "ix_session_open"
BY_BILLING, BY_NOTE = "ix_session_by_billing", "ix_session_by_note"
BY_PAYER, BY_PROVIDER = "ix_session_by_payer", "ix_session_by_provider"


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """The question above the list; empty means any.

    Payer 0 means self-pay, location 0 that where it was held is not known.

    ``view`` is a key of ``VIEWS``. ``only_open`` keeps sessions on which somebody owes or
    is owed. ``claim``: "none" keeps sessions that no standing claim carries, "some" the others.
    ``text`` is words, each of which must be found in the client, the payer, the
    clinician, a code, the day or the name of the imported file.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    billing: tuple[str, ...] = ()
    attendance: tuple[str, ...] = ()
    payers: tuple[int, ...] = ()
    providers: tuple[int, ...] = ()
    locations: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    patient_id: int | None = None
    batch_id: int | None = None
    only_open: bool = False
    claim: str = ""
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> SessionFilter:
        """Read what the table part holds: plain texts, lists of texts, pairs of days.

        Keys: text, day (first, last), status, attendance, payer, clinician, location, note,
        code, client, batch, open, claim, view. Raises KeyError for any other: a screen that asks
        for what is not there is a bug, not a filter that finds everything.
        """
        return cls(**fields_asked(asked, _SINGLE, texts=_TEXTS, numbers=_NUMBERS, days=True))


_TEXTS = {"status": "billing", "attendance": "attendance", "note": "notes", "code": "codes"}
_NUMBERS = {"payer": "payers", "clinician": "providers", "location": "locations"}
_SINGLE = {
    "text": "text",
    "client": "patient_id",
    "batch": "batch_id",
    "open": "only_open",
    "claim": "claim",
    "view": "view",
}


@dataclass(frozen=True, slots=True)
class Matching:
    """A filter as the database understands it.

    ``index`` names the index that answers a count without reading table rows; ``open``
    says that only sessions with an open balance can match; ``never`` that none can.
    """

    conditions: tuple[ColumnElement[bool], ...]
    index: str
    all: bool = False
    open: bool = False
    narrow: bool = False
    never: bool = False


def matching(work: Work, wanted: SessionFilter) -> Matching:
    """Return the conditions of a filter and the index that serves them best."""
    words = found_by_words(work, wanted.text)
    if words.never:
        return Matching((), ANY_INDEX, never=True)
    conditions = [*_ranges(wanted), *_picks(work, wanted), *_view(wanted.view), *words.conditions]
    is_open = wanted.only_open or wanted.view in ("waiting_on_payer", "client_owes", "payer_owes")
    narrow = wanted.patient_id is not None or wanted.batch_id is not None or words.narrow
    return Matching(
        conditions=(
            LIVE,
            *((OPEN,) if is_open else ()),
            *conditions,
        ),
        index=_index(wanted, is_open=is_open, narrow=narrow, words=words.columns),
        all=not conditions and not is_open,
        open=is_open,
        narrow=narrow,
    )


def _ranges(wanted: SessionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_day is not None:
        conditions.append(Session.day >= wanted.from_day)
    if wanted.to_day is not None:
        conditions.append(Session.day <= wanted.to_day)
    if wanted.patient_id is not None:
        conditions.append(Session.patient_id == wanted.patient_id)
    if wanted.batch_id is not None:
        conditions.append(Session.batch_id == wanted.batch_id)
    if wanted.claim:
        conditions.append(~ON_CLAIM if wanted.claim == "none" else ON_CLAIM)
    return conditions


def _picks(work: Work, wanted: SessionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.billing:
        conditions.append(Session.billing_status.in_([BillingStatus(s) for s in wanted.billing]))
    if wanted.attendance:
        conditions.append(Session.attendance.in_([Attendance(s) for s in wanted.attendance]))
    if wanted.notes:
        conditions.append(among_words(work, Session.note_status, wanted.notes))
    if wanted.codes:
        conditions.append(among_words(work, Session.code_text, wanted.codes))
    if wanted.payers:
        conditions.append(_one_or_none(work, Session.payer_id, wanted.payers, SELF_PAY))
    if wanted.providers:
        conditions.append(among(work, Session.provider_id, wanted.providers))
    if wanted.locations:
        conditions.append(_one_or_none(work, Session.location_id, wanted.locations, NOT_KNOWN))
    return conditions


def _one_or_none(work: Work, column: Any, picked: Sequence[int], none: int) -> ColumnElement[bool]:
    """Return the condition for ids of which one, ``none``, stands for an empty column."""
    ids = [one for one in picked if one != none]
    parts: list[ColumnElement[bool]] = []
    if len(ids) < len(picked):
        parts.append(column.is_(None))
    if ids:
        parts.append(among(work, column, ids))
    return or_(*parts)


def _view(view: str) -> list[ColumnElement[bool]]:
    attended = Session.attendance == Attendance.COMPLETED
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "unbilled": [Session.billing_status.in_(UNBILLED), attended, Session.payer_id.is_not(None)],
        # Two ranges of the index by note, which "is not" could not use.
        "no_signed_note": [
            or_(Session.note_status < SIGNED, Session.note_status > SIGNED),
            attended,
        ],
        "denied": [Session.billing_status == BillingStatus.DENIED],
        "waiting_on_payer": [
            Session.billing_status.in_(WITH_PAYER),
            _written("session.insurance_balance > 0"),
        ],
        "client_owes": [_written("session.patient_balance > 0")],
        "payer_owes": [_written("session.insurance_balance > 0")],  # no tab; Home opens it
    }
    return conditions[view]


def _index(wanted: SessionFilter, *, is_open: bool, narrow: bool, words: frozenset[str]) -> str:
    """Choose for SQLite, which keeps no statistics of its own until ANALYZE has run.

    Every index named here is partial and covers counting; the index by day covers every
    condition, so it is right whenever nothing narrower is known.
    """
    if narrow:
        return ANY_INDEX
    if is_open:
        return BY_OPEN
    if wanted.from_day is not None or wanted.to_day is not None:
        return BY_DAY
    if wanted.view in ("unbilled", "denied") and not words:
        return BY_BILLING
    if wanted.view == "no_signed_note" and not words:
        return BY_NOTE
    picked = words | {
        name
        for name in ("billing", "attendance", "payers", "providers", "notes", "codes")
        if getattr(wanted, name)
    }
    only = {"billing": BY_BILLING, "payers": BY_PAYER, "providers": BY_PROVIDER}
    return only.get(min(picked), BY_DAY) if len(picked) == 1 else BY_DAY
