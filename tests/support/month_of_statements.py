"""Job 7's scenario: 150 accounts, ten of them flagged, 90 by e-mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from fscdesk.models.patient import SendBy
from fscdesk.models.practice import Practice
from fscdesk.services.work import Work
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.people import add_session

COUNT, FLAGGED, BY_EMAIL = 150, 10, 90
LAST_MONTH, LATELY = date(2026, 3, 9), date(2026, 3, 30)
_FIRST = ("Alma", "Bram", "Coralie", "Dario", "Esme", "Fabian", "Greta", "Hollis", "Iris", "Juno")
_LAST = ("Anyone", "Placeholder", "Mockup", "Sample", "Fictive", "Example", "Dummy")


def seed_statements(work: Work, *, flagged: bool = True, count: int = COUNT) -> int:
    """Write the accounts; return what they owe together, in cents."""
    cast = add_cast(work)
    work.db.get_one(Practice, 1).email = "billing@fictional.example"
    total = 0
    for at in range(count):
        name = f"{_FIRST[at % len(_FIRST)]} {_LAST[at % len(_LAST)]} {at + 1:03d}"
        facts: dict[str, Any] = {"number": f"3{at + 1:03d}", "zip_code": f"070{at % 60:02d}"}
        if at >= count - count * BY_EMAIL // COUNT:
            facts |= {"send_by": SendBy.EMAIL, "email": f"someone{at}@fictional.example"}
        if flagged and at < FLAGGED // 2:
            facts |= {"address1": "", "city": "", "zip_code": ""}
        guarantor, patient = add_account(work, name, **facts)
        paid = 20_00 if flagged and FLAGGED // 2 <= at < FLAGGED else 0
        share = 50_00 + at * 10
        if paid:
            add_session(
                work,
                patient,
                cast.provider,
                day=LAST_MONTH,
                code="90834",
                share=share,
                patient_paid=paid,
                paid_on=LATELY,
            )
        else:
            draft = a_draft(cast, guarantor, patient, LAST_MONTH, share=share)
            record(work, draft, paid_on=LATELY)
        total += share - paid
    return total
