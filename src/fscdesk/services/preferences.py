"""What a person's screens remember in the books: layouts, last dates, sort. By key, as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from fscdesk.models.setting import Preference
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

LONGEST_KEY = 120


def preference(work: Work, key: str, default: Any = None) -> Any:
    """Return what the person at the desk has under a key."""
    kept = work.db.get(Preference, (work.actor.staff_id, key))
    return default if kept is None else kept.value


def preferences(work: Work, beginning: str = "") -> dict[str, Any]:
    """Return everything of the person at the desk whose key begins so."""
    found = work.db.execute(
        select(Preference.key, Preference.value).where(
            Preference.staff_id == work.actor.staff_id,
            Preference.key.startswith(beginning, autoescape=True),
        )
    )
    return {row[0]: row[1] for row in found}


def put_preference(work: Work, key: str, value: Any) -> None:
    """Remember something for the person at the desk; None forgets it.

    It is nobody else's business, so nothing is put on record and no screen is told.
    """
    if not key or len(key) > LONGEST_KEY:
        raise Problem(
            f"Nothing can be remembered under a name of {len(key)} letters.",
            hint="The screen shows it all the same.",
        )
    mine = (Preference.staff_id == work.actor.staff_id, Preference.key == key)
    if value is None:
        work.db.execute(delete(Preference).where(*mine))
        return
    work.db.merge(Preference(staff_id=work.actor.staff_id, key=key, value=value))
    work.db.flush()
