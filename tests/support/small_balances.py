"""Job 9's scenario: twenty-five small balances, 143.20 in all; the second has a visit next week."""

from __future__ import annotations

from datetime import date, timedelta

from fscdesk.models.session import Attendance
from fscdesk.services.work import Work
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.people import add_session

COUNT, TOTAL = 25, 143_20
VISITOR = "Bram Placeholder 02"
_NAMES = ("Alma Anyone", "Bram Placeholder", "Coralie Mockup", "Dario Sample", "Esme Fictive")


def seed_small_balances(work: Work) -> list[int]:
    """Write them, the oldest first; returns the guarantors in the order of the list."""
    cast = add_cast(work)
    made: list[int] = []
    first = date(2025, 10, 6)
    for at in range(COUNT):
        cents = 5_70 if at else TOTAL - (COUNT - 1) * 5_70
        name = f"{_NAMES[at % len(_NAMES)]} {at + 1:02d}"
        guarantor, patient = add_account(work, name, number=f"2{at + 1:03d}")
        day = first + timedelta(days=at)
        record(
            work,
            a_draft(cast, guarantor, patient, day, share=cents, minute=540),
            paid_on=day,
        )
        if name == VISITOR:
            add_session(
                work,
                patient,
                cast.provider,
                day=date(2026, 4, 20),
                attendance=Attendance.SCHEDULED,
                note="",
            )
        made.append(guarantor)
    return made
