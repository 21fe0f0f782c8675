"""Mends a claim where its fault comes from, and checks every waiting claim of that source again.

source = source_of(work, claim_id, "member_id")        # the client's policy, and its version
done = mend_source(work, claim_id, "member_id", "ZZ12345678", expected_version=source.version)
done.claims                                            # every claim that it has touched
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, select, true

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_rule import Supervision
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.claim_statuses import lock_claims
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.sources import FIELDS, SourceField, shown
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.editing import apply_changes, locked, require_version
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, may, require
from fscdesk.services.work import Topic, Work

SUPERVISING: Final = "supervising"
WAITING: Final = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED, ClaimStatus.REJECTED)
"""Claims that take what is mended; what a payer has stays as it was sent."""
_DOING: Final = "mend claims"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field of a claim comes from: which record (``noun``, ``id``), in words, how it is.

    ``version`` is what mending asks back; ``may`` whether the person may change that record.
    """

    field: str
    noun: str
    id: int
    words: str
    value: str
    version: int
    may: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending did: the record in words, and every claim that was checked again.

    ``still`` is what a card's own check says after it, where that is only a warning.
    """

    source: str
    claims: tuple[int, ...]
    still: str = ""


def is_mendable(field: str) -> bool:
    """Return whether a field of the claim's page is mended at its source."""
    return field in FIELDS or field == SUPERVISING


def source_of(work: Work, claim_id: int, field: str) -> Source:
    """Return where a field of a claim comes from. Raises Problem for one that is its own."""
    claim = work.db.get(Claim, claim_id)
    if claim is None:
        raise Problem("This claim is not in the books.", hint="Look at the list again.")
    if field == SUPERVISING:
        clinician = work.db.get_one(Provider, claim.rendering_id)
        now = work.db.get(Provider, claim.supervising_id) if claim.supervising_id else None
        may = _may(work, Right.CHANGE_SETUP)
        words = "who supervises this clinician"
        value = "" if now is None else now.name
        return Source(field, "provider", clinician.id, words, value, clinician.version, may)
    what = _field(field)
    row = work.db.get_one(what.kind.model, _id_of(claim, what))
    value = ", ".join(word for word in (shown(getattr(row, name)) for name in what.columns) if word)
    may = _may(work, what.kind.right)
    return Source(field, what.kind.noun, row.id, what.kind.words, value, row.version, may)


def mend_source(
    work: Work, claim_id: int, field: str, value: Any, *, expected_version: int
) -> Mended:
    """Correct a field where it comes from, and check every waiting claim of that record again.

    ``value`` is a text; a day for a birth date, (first, last) for a name, an Address for an
    address, the id of a clinician for ``supervising``. ``expected_version`` is that of the
    record (``source_of``). Raises ChangedElsewhere when the record was changed meanwhile,
    Problem for a claim that was sent, a value that cannot be, and without the record's right.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    (claim,) = lock_claims(work, [claim_id])
    if claim.status not in WAITING:
        raise Problem(
            f"Claim {claim.number} was sent.",
            hint="Nothing was changed. Correct it: the new claim takes what is mended.",
        )
    if field == SUPERVISING:
        return _mend_supervisor(work, claim, value, expected_version)
    what = _field(field)
    kind = what.kind
    require(work, kind.right, f"change {kind.words}")
    row = locked(work, kind.model, _id_of(claim, what), kind.words)
    require_version(row, expected_version, kind.words)
    new = dict(zip(what.columns, what.kept(value), strict=True))
    _require_sense(work, claim, new)
    old = _joined(row, what)
    if not apply_changes(work, row, new, action=f"edit_{kind.noun}", noun=kind.noun):
        return Mended(kind.words, ())
    work.touch(kind.topic)
    ids = _waiting(work, _same_source(claim, what))
    return _checked_again(work, ids, FieldChange(field, old, _joined(row, what)), kind.words)


def _mend_supervisor(work: Work, claim: Claim, value: Any, expected_version: int) -> Mended:
    """Say who supervises the claim's clinician from its first day on, on all that wait."""
    words = "who supervises this clinician"
    require(work, Right.CHANGE_SETUP, f"change {words}")
    clinician = locked(work, Provider, claim.rendering_id, "this clinician")
    require_version(clinician, expected_version, "this clinician")
    supervisor = locked(work, Provider, int(value), "the supervisor")
    if supervisor.id == clinician.id:
        raise Problem("Nobody supervises himself.", hint="Nothing was saved.")
    wanted = _waiting(work, Claim.rendering_id == clinician.id)
    without = list(
        work.db.scalars(
            select(Claim.id)
            .where(Claim.id.in_(wanted), Claim.supervising_id.is_distinct_from(supervisor.id))
            .order_by(Claim.id)
        )
    )
    touched = [one for one in without if one == claim.id or _has_none(work, one)]
    if not touched:
        return Mended(words, ())
    first = min(work.db.scalars(select(Claim.first_day).where(Claim.id.in_(touched))))
    _supervise(work, clinician, supervisor, first)
    for one in lock_claims(work, touched):
        old = work.db.get(Provider, one.supervising_id) if one.supervising_id else None
        change = FieldChange(SUPERVISING, "" if old is None else old.name, supervisor.name)
        one.supervising_id = supervisor.id
        work.db.flush()
        write_changes(work, one.id, [change], source=words)
    work.touch(Topic.PROVIDERS, Topic.CLAIMS)
    record(
        work,
        "supervise",
        "provider",
        clinician.id,
        supervisor=supervisor.id,
        since=first.isoformat(),
        claims=len(touched),
    )
    scrub_claims(work, touched)
    return Mended(words, tuple(touched))


def _supervise(work: Work, clinician: Provider, supervisor: Provider, first: date) -> None:
    """Put a supervision on record; the clinician's usual supervisor where there was none."""
    if clinician.supervisor_id is None:
        values = {"supervisor_id": supervisor.id}
        apply_changes(work, clinician, values, action="edit_provider", noun="provider")
    elif clinician.supervisor_id != supervisor.id:
        work.db.add(
            Supervision(provider_id=clinician.id, supervisor_id=supervisor.id, valid_from=first)
        )
        work.db.flush()


def _has_none(work: Work, claim_id: int) -> bool:
    return work.db.get_one(Claim, claim_id).supervising_id is None


def _checked_again(work: Work, ids: Sequence[int], change: FieldChange, words: str) -> Mended:
    for one in ids:
        write_changes(work, one, [change], source=words)
    work.touch(Topic.CLAIMS)
    scrub_claims(work, ids)
    return Mended(words, tuple(ids))


def _waiting(work: Work, same: ColumnElement[bool]) -> list[int]:
    found = select(Claim.id).where(Claim.status.in_(WAITING), same).order_by(Claim.id)
    ids = list(work.db.scalars(found))
    lock_claims(work, ids)
    return ids


def _same_source(claim: Claim, what: SourceField) -> ColumnElement[bool]:
    """Return which claims take from the record that a field of this claim comes from."""
    model, one = what.kind.model, _id_of(claim, what)
    if model is Practice:
        return true()
    if model is Provider:
        return (Claim.rendering_id == one) | (Claim.supervising_id == one)
    return {
        Policy: Claim.policy_id == one,
        Patient: Claim.patient_id == one,
        Payer: Claim.payer_id == one,
    }[model]


def _field(field: str) -> SourceField:
    what = FIELDS.get(field)
    if what is None:
        raise Problem(
            "This is the claim's own, and comes from nowhere else.",
            hint="Nothing was changed. Change it on the claim.",
        )
    return what


def _id_of(claim: Claim, what: SourceField) -> int:
    found = what.kind.of(claim)
    if found is None:
        raise Problem(
            f"Claim {claim.number} has nothing from {what.kind.words}.",
            hint="Nothing was changed. Say first who or what it is.",
        )
    return found


def _require_sense(work: Work, claim: Claim, new: dict[str, Any]) -> None:
    for name in ("birth_date", "subscriber_birth"):
        day = new.get(name)
        if day is not None and not day <= min(claim.first_day, work.today()):
            raise Problem(
                f"{day:%m/%d/%Y} is after the service of {claim.first_day:%m/%d/%Y}.",
                hint="Nothing was saved. Look at the year.",
            )


def _joined(row: Any, what: SourceField) -> str:
    words = (shown(getattr(row, name)) for name in what.columns)
    return ", ".join(word for word in words if word)


def _may(work: Work, right: Right) -> bool:
    return may(work, Right.MAKE_CLAIMS) and may(work, right)
