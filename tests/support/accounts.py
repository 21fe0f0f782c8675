"""Fictional accounts for statements: guarantors with addresses, in a line or by the thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.practice import Practice
from fscdesk.models.session import Attendance, BillingStatus
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.patients.names import sort_name
from fscdesk.services.sessions.recording import SessionDraft, record_sessions
from fscdesk.services.work import Work
from tests.support.people import add_provider, add_service

ADDRESS = {
    "address1": "102 Nowhere Lane",
    "city": "Sampleville",
    "state": "NJ",
    "zip_code": "07002",
}


@dataclass(frozen=True)
class Cast:
    """One clinician and one service, for everybody."""

    provider: int
    service: int


def add_cast(work: Work) -> Cast:
    """The practice's address, a clinician and a service."""
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.address2 = "200 Nowhere Avenue", "Suite 4"
    practice.city = "Sampleville"
    practice.state, practice.zip_code = "NJ", "07000"
    return Cast(add_provider(work, "Mockley O’Sample"), add_service(work, "90834"))


def add_account(work: Work, name: str, *, patients: int = 1, **facts: object) -> list[int]:
    """A guarantor with an address, and who is served; returns the guarantor, then the patients."""
    given: dict[str, object] = {"number": f"G-{name}", "name": name, **ADDRESS, **facts}
    guarantor = Guarantor(**given)
    work.db.add(guarantor)
    work.db.flush()
    ids = [guarantor.id]
    for number in range(patients):
        called = name if patients == 1 else f"{name} {'ABCDEFGH'[number]}."
        patient = Patient(
            number=f"P-{name}-{number}",
            name=called,
            sort_name=sort_name(called),
            guarantor_id=guarantor.id,
        )
        work.db.add(patient)
        work.db.flush()
        ids.append(patient.id)
    return ids


def a_draft(
    cast: Cast,
    guarantor: int,
    patient: int,
    day: date,
    *,
    share: int,
    insurance: int = 0,
    minute: int = 540,
    recorded: Recorded | None = None,
) -> SessionDraft:
    """A session with one charge; amounts in cents."""
    amount = share + insurance
    charge = ChargeFacts(1, cast.service, "90834", "", 1, amount, amount, share, insurance, "4010")
    return SessionDraft(
        day=day,
        minute=minute,
        occurrence=1,
        patient_id=patient,
        guarantor_id=guarantor,
        provider_id=cast.provider,
        payer_id=None,
        second_payer_id=None,
        service_id=cast.service,
        attendance=Attendance.COMPLETED,
        billing_status=BillingStatus.DOCUMENTED,
        note_status="LOCKED",
        code_text="90834",
        charges=(charge,) if amount else (),
        recorded=recorded or Recorded(),
    )


def record(work: Work, *drafts: SessionDraft, paid_on: date) -> list[int]:
    """Write sessions; what is paid is dated by `paid_on`."""
    kept: list[SessionDraft] = []
    for draft in drafts:  # two at one minute are two occurrences
        same = [one for one in kept if one[:2] == draft[:2] and one.patient_id == draft.patient_id]
        kept.append(draft._replace(occurrence=len(same) + 1))
    return list(record_sessions(work, kept, recorded_on=paid_on, reason="Imported"))
