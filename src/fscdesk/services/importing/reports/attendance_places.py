"""Where sessions took place, as the attendance report says it: its offices are our locations.

A location is known by its name under Setup. What an import has set, an import may change; what
else stands at a session was put there by a person, and stays.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow
from fscdesk.models.practice import Location
from fscdesk.models.session import Session
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.importing.report_signatures import ATTENDANCE
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work

PLACE, PLACE_BEFORE = "place", "place_before"
"""What is kept with a row: the location that it set, and the one that stood there."""


@dataclass(slots=True)
class Places:
    """The practice's locations by name, what stands at sessions, and what an import had put there.

    ``unknown`` counts the rows of each office that is no location.
    """

    by_name: dict[str, int]
    names: dict[int, str]
    at: dict[int, int]
    imported: dict[int, int]
    unknown: Counter[str] = field(default_factory=Counter)

    def known(self, office: str) -> int | None:
        """Return the location that an office is, and remember an office that is none."""
        words = office.strip()
        found = self.by_name.get(fold(words)) if words else None
        if words and found is None:
            self.unknown[words] += 1
        return found

    def typed(self, session_id: int) -> bool:
        """Return whether the location of a session was put there by a person."""
        stands = self.at.get(session_id)
        return stands is not None and stands != self.imported.get(session_id)

    def name(self, location_id: int | None) -> str:
        """Return what a location is called, ``none`` where there is none."""
        return self.names.get(location_id or 0, "none")


def read_places(work: Work, session_ids: Collection[int]) -> Places:
    """Read the locations, and where these sessions are said to have taken place."""
    rows = work.db.execute(
        select(Location.id, Location.name).order_by(Location.active, Location.id.desc())
    ).all()
    standing = {
        row.id: row.location_id
        for row in work.db.execute(
            select(Session.id, Session.location_id).where(
                among(work, Session.id, session_ids), Session.location_id.is_not(None)
            )
        )
        if row.location_id is not None
    }
    imported: dict[int, int] = {}
    for session_id, before in work.db.execute(
        select(ImportRow.session_id, ImportRow.before)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(
            ImportBatch.profile == ATTENDANCE,
            ImportBatch.status == BatchStatus.APPLIED,
            among(work, ImportRow.session_id, standing),
            ImportRow.before.contains(f'"{PLACE}"'),
        )
        .order_by(ImportRow.id)
    ):
        place = json.loads(before or "{}").get(PLACE)
        if session_id is not None and place is not None:
            imported[session_id] = int(place)
    return Places(
        {fold(row.name): row.id for row in rows},  # of two that fold alike, the active one
        {row.id: row.name for row in rows},
        standing,
        imported,
    )


def unknown_offices(places: Places) -> list[Finding]:
    """Say of each office that is no location how many rows name it, and what to do."""
    return [
        Finding(
            "unknown-office",
            f"{'1 row names' if count == 1 else f'{count:,} rows name'} the office “{name}”, which"
            " is no location here. Add it under Setup, Practice, by this name and with its place"
            " of service, then import this file again.",
            "",
            Severity.WARNING,
        )
        for name, count in sorted(places.unknown.items())
    ]


def put_back(work: Work, session: Session, before: dict[str, object]) -> None:
    """Give a session the location that it had, unless a person has changed it since."""
    if before.get(PLACE) is not None and session.location_id == before[PLACE]:
        old = before.get(PLACE_BEFORE)
        session.location_id = None if old is None else int(str(old))
        work.db.flush()
