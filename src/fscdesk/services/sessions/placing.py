"""Where sessions come from and whose they are, for chips; and where one stands in a list."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.patient import Patient
from fscdesk.models.practice import Location
from fscdesk.models.session import Session
from fscdesk.services.id_sets import among
from fscdesk.services.sessions.filters import NOT_KNOWN, SessionFilter, matching
from fscdesk.services.sessions.ordering import GATHERED, all_ids
from fscdesk.services.sessions.queries import Choice
from fscdesk.services.sessions.totalling import totals_of
from fscdesk.services.work import Work

NOT_KNOWN_WORDS = "Not known"
"""What a list calls the location of a session that has none."""


def clients_in(work: Work, within: SessionFilter) -> tuple[Choice, ...]:
    """Return the clients of the matching sessions by name, with how many sessions each has."""
    found = matching(work, within)
    if found.never:
        return ()
    counted = (
        select(Session.patient_id, func.count())
        .where(*found.conditions)
        .group_by(Session.patient_id)
    )
    counts: dict[int, int] = {row[0]: row[1] for row in work.db.execute(counted)}
    people = work.db.execute(
        select(Patient.id, Patient.name)
        .where(among(work, Patient.id, sorted(counts)))
        .order_by(Patient.sort_name, Patient.id)
    )
    return tuple(Choice(str(one), name, counts[one]) for one, name in people)


def imports_in(work: Work, within: SessionFilter) -> tuple[Choice, ...]:
    """Return the imports that made the matching sessions, the newest first."""
    found = matching(work, within)
    if found.never:
        return ()
    rows = work.db.execute(
        select(ImportBatch.id, ImportBatch.file_name, func.count(Session.id))
        .join(Session, Session.batch_id == ImportBatch.id)
        .where(*found.conditions)
        .group_by(ImportBatch.id, ImportBatch.file_name)
        .order_by(ImportBatch.id.desc())
    )
    return tuple(Choice(str(one), name, count) for one, name, count in rows)


def locations_in(work: Work, within: SessionFilter) -> tuple[Choice, ...]:
    """Return where the matching sessions took place by name, those not known first."""
    found = matching(work, within)
    if found.never:
        return ()
    rows = work.db.execute(
        select(Location.id, Location.name, func.count())
        .select_from(Session)
        .outerjoin(Location, Location.id == Session.location_id)
        .where(*found.conditions)
        .group_by(Location.id, Location.name)
    )
    counted = sorted(rows, key=lambda row: (row[0] is not None, row[1] or "", row[0] or 0))
    return tuple(
        Choice(str(one or NOT_KNOWN), name or NOT_KNOWN_WORDS, count)
        for one, name, count in counted
    )


def location_names(work: Work, location_ids: Iterable[int]) -> dict[int, str]:
    """Return what these locations are called, with the word for not known."""
    ids = sorted(set(location_ids))
    asked = select(Location.id, Location.name).where(among(work, Location.id, ids))
    names = {row.id: row[1] for row in work.db.execute(asked)}
    return {NOT_KNOWN: NOT_KNOWN_WORDS, **names} if NOT_KNOWN in ids else names


def client_names(work: Work, patient_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these clients; one that is not there is left out."""
    ids = sorted(set(patient_ids))
    asked = select(Patient.id, Patient.name).where(among(work, Patient.id, ids))
    return {row.id: row[1] for row in work.db.execute(asked)}


def import_names(work: Work, batch_ids: Iterable[int]) -> dict[int, str]:
    """Return the file names of these imports."""
    ids = sorted(set(batch_ids))
    asked = select(ImportBatch.id, ImportBatch.file_name).where(among(work, ImportBatch.id, ids))
    return {row.id: row[1] for row in work.db.execute(asked)}


def client_of(work: Work, session_id: int) -> int | None:
    """Return whose session it is, or None where there is no such session."""
    return work.db.scalar(select(Session.patient_id).where(Session.id == session_id))


def place_in_list(
    work: Work, wanted: SessionFilter, session_id: int, sort: str, *, descending: bool
) -> int | None:
    """Return how many rows stand above a session in a list, so that it can be gone to.

    None where it does not match, and where so many match that finding it would be felt.
    """
    total = totals_of(work, wanted).count
    if total > GATHERED:
        return None
    try:
        place = all_ids(work, wanted, sort).index(session_id)
    except ValueError:
        return None
    return total - 1 - place if descending else place
