"""A small practice that bills payers, and claims of its sessions in a line each.

desk = books.write(add_claim_desk).value            # practice, people, payers, policies
books.write(lambda work: ready(work, desk))         # a session that is ready to bill
claim_id = claim_of(books)                          # all of that, and the built claim
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, PortalCheck, Route
from fscdesk.models.coverage import Authorization, Counts, Policy, Relationship
from fscdesk.models.patient import Diagnosis, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.build_plan import BuildPlan
from fscdesk.services.claims.building import build_claims, plan_claims
from fscdesk.services.claims.frozen import frozen
from fscdesk.services.claims.lifecycle import UNSENT, ClaimMove, move_claims
from fscdesk.services.claims.portal_list import steps_of
from fscdesk.services.numbering import next_number
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.people import add_patient, add_payer, add_provider, add_session

DAY = date(2026, 3, 2)
"""The day of a session where none is said; the tests' clock stands at 12 April 2026."""
NPI_OF_PRACTICE, NPI_OF_TESTA, NPI_OF_MOCK = "1234567893", "1245319599", "1679576722"
ADDRESS = {
    "address1": "102 Nowhere Lane",
    "city": "Sampleville",
    "state": "NJ",
    "zip_code": "07002-1234",
}


@dataclass(frozen=True)
class ClaimDesk:
    """Who is there. Alma has a primary policy and, from ``second`` on, a secondary one.

    Testa is supervised by Mock. ``office`` has place of service 11, ``video`` 10.
    """

    testa: int
    mock: int
    payer: int
    next_payer: int
    alma: int
    ben: int
    policy: int
    bens_policy: int
    office: int
    video: int


def add_claim_desk(work: Work) -> ClaimDesk:
    """A practice that lacks nothing which a claim needs."""
    practice = work.db.get_one(Practice, 1)
    practice.npi, practice.tax_id, practice.taxonomy = NPI_OF_PRACTICE, "221234567", "101YM0800X"
    practice.address1, practice.city = "200 Nowhere Avenue", "Sampleville"
    practice.state, practice.zip_code = "NJ", "07000-4321"
    practice.phone = "201-555-0100"
    mock = _clinician(work, "Mockley O’Sample", NPI_OF_MOCK, "LPC")
    testa = _clinician(work, "Testa Fernsample", NPI_OF_TESTA, "LAC")
    payer = _payer(work, "Imaginary Blue", "99901")
    next_payer = _payer(work, "Example East", "99902")
    alma = add_person(work, "Alma Anyone", "P-1", born=date(1980, 5, 1), sex="F")
    ben = add_person(work, "Ben Somebody", "P-2", born=date(1975, 8, 9), sex="M")
    office = Location(name="Main office", place_of_service="11", **_place_of(ADDRESS))
    video = Location(name="Video", place_of_service="10")
    work.db.add_all((office, video))
    work.db.flush()
    return ClaimDesk(
        testa=testa,
        mock=mock,
        payer=payer,
        next_payer=next_payer,
        alma=alma,
        ben=ben,
        policy=add_policy(work, alma, payer, "XYZ123456789"),
        bens_policy=add_policy(work, ben, payer, "XYZ987654321"),
        office=office.id,
        video=video.id,
    )


def add_person(
    work: Work,
    name: str,
    number: str,
    *,
    born: date = DAY,
    sex: str = "U",
    diagnosis: str = "F41.1",
) -> int:
    """A client with all that a claim says of him, and one diagnosis."""
    patient_id = add_patient(work, name, number)
    patient = work.db.get_one(Patient, patient_id)
    patient.birth_date, patient.sex = born, sex
    patient.address1, patient.city = ADDRESS["address1"], ADDRESS["city"]
    patient.state, patient.zip_code = ADDRESS["state"], ADDRESS["zip_code"]
    if diagnosis:
        add_diagnosis(work, patient_id, diagnosis)
    return patient_id


def add_diagnosis(
    work: Work,
    patient: int,
    code: str,
    position: int = 1,
    *,
    since: date = date(2025, 1, 1),
    until: date | None = None,
) -> int:
    """A diagnosis of a client."""
    row = Diagnosis(
        patient_id=patient, position=position, code=code, valid_from=since, valid_to=until
    )
    work.db.add(row)
    work.db.flush()
    return row.id


def add_policy(
    work: Work,
    patient: int,
    payer: int,
    member: str,
    *,
    rank: int = 1,
    since: date = date(2025, 1, 1),
    until: date | None = None,
) -> int:
    """A policy whose subscriber is the client."""
    policy = Policy(
        patient_id=patient,
        payer_id=payer,
        rank=rank,
        member_id=member,
        valid_from=since,
        valid_to=until,
        relationship=Relationship.SELF,
    )
    work.db.add(policy)
    work.db.flush()
    return policy.id


def add_authorization(
    work: Work,
    patient: int,
    payer: int,
    granted: int,
    *,
    number: str = "AUTH-1",
    code: str = "",
    counts: Counts = Counts.VISITS,
    used: int = 0,
    since: date = date(2026, 1, 1),
    until: date = date(2026, 12, 31),
) -> int:
    """Visits or units that a payer approved."""
    row = Authorization(
        patient_id=patient,
        payer_id=payer,
        number=number,
        code=code,
        granted=granted,
        used=used,
        used_before=used,
        valid_from=since,
        valid_to=until,
        counts=counts,
    )
    work.db.add(row)
    work.db.flush()
    return row.id


def ready(
    work: Work,
    desk: ClaimDesk,
    *,
    patient: int | None = None,
    provider: int | None = None,
    payer: int | None = None,
    day: date = DAY,
    code: str = "90837",
    insurance: int = 130_00,
    share: int = 30_00,
    location: int | None = -1,
    minute: int = 540,
    status: BillingStatus = BillingStatus.READY_TO_BILL,
) -> int:
    """A session at the office that is ready to bill; Alma's with Mock where nothing is said.

    ``location`` None: it is not known where it took place.
    """
    session_id = add_session(
        work,
        patient or desk.alma,
        provider or desk.mock,
        payer=payer or (desk.payer if insurance else None),
        day=day,
        minute=minute,
        code=code,
        insurance=insurance,
        share=share,
        status=status,
    )
    work.db.get_one(Session, session_id).location_id = desk.office if location == -1 else location
    work.db.flush()
    return session_id


def claim_of(
    books: Office,
    *,
    desk: ClaimDesk | None = None,
    sessions: int = 1,
    status: ClaimStatus | None = None,
    code: str = "90837",
) -> int:
    """A built claim of Alma with so many weekly sessions; ``status`` moves it there at once.

    It is built as the office builds it and checked; a status that only sent claims have comes
    with a portal's batch, without a file.
    """
    there = desk or books.write(add_claim_desk).value

    def sit(work: Work) -> list[int]:
        return [
            ready(work, there, day=DAY + timedelta(weeks=week), code=code)
            for week in range(sessions)
        ]

    made = books.write(sit).value
    (claim_id,) = build(books, made)
    if status is not None:
        books.write(lambda work: put_at(work, claim_id, status))
    return claim_id


def put_at(work: Work, claim_id: int, status: ClaimStatus) -> None:
    """Move a claim to where it shall stand; one that was sent was entered in a portal."""
    if status not in UNSENT | {ClaimStatus.VOID} and not work.db.scalar(
        select(ClaimSending.id).where(ClaimSending.claim_id == claim_id)
    ):
        claim = work.db.get_one(Claim, claim_id)
        batch = ClaimBatch(
            number=next_number(work, "BAT", work.today().year),
            route=Route.PORTAL,
            state=BatchState.SENT,
            claims=1,
            total=claim.total,
            made_by=work.actor.staff_id,
            made_at=work.now(),
        )
        work.db.add(batch)
        work.db.flush()
        sending = ClaimSending(
            batch_id=batch.id,
            claim_id=claim_id,
            status_before=claim.status.value,
            content=frozen(contents(work, [claim_id])[claim_id]),
        )
        work.db.add(sending)
        work.db.flush()
        work.db.add_all(
            PortalCheck(
                sending_id=sending.id,
                step=step,
                words=words,
                at=work.now(),
                staff_id=work.actor.staff_id,
            )
            for step, words in enumerate(steps_of(work, claim.payer_id), start=1)
        )
        claim.first_sent_on = claim.last_sent_on = work.today()
        work.db.flush()
        move_claims(work, [ClaimMove(claim_id, ClaimStatus.SUBMITTED, f"Sent in {batch.number}")])
    move_claims(work, [ClaimMove(claim_id, status, "for the test")])


def build(books: Office, session_ids: list[int] | None = None) -> tuple[int, ...]:
    """Build the claims of sessions, or of all that are ready; returns their ids."""

    def act(work: Work) -> tuple[int, ...]:
        return build_claims(work, plan_claims(work, session_ids)).claim_ids

    return books.write(act).value


def plan_of(books: Office, session_ids: list[int] | None = None) -> BuildPlan:
    """Return the plan of sessions, or of all that are ready."""
    return books.read(lambda work: plan_claims(work, session_ids))


def the_claim(books: Office, claim_id: int) -> Claim:
    """Return a claim as it is in the books, for looking at its columns."""
    return books.read(lambda work: work.db.get_one(Claim, claim_id))


def statuses_of(books: Office) -> dict[int, BillingStatus]:
    """Return the billing status of every session by its id."""

    def look(work: Work) -> dict[int, BillingStatus]:
        rows = work.db.execute(select(Session.id, Session.billing_status).order_by(Session.id))
        return {row.id: row.billing_status for row in rows}

    return books.read(look)


def charges_of(books: Office, session_id: int) -> list[int]:
    """Return the live charges of a session."""

    def look(work: Work) -> list[int]:
        live = select(Charge.id).where(Charge.session_id == session_id, Charge.voided_on.is_(None))
        return list(work.db.scalars(live.order_by(Charge.position)))

    return books.read(look)


def _clinician(work: Work, name: str, npi: str, credentials: str) -> int:
    provider_id = add_provider(work, name, npi)
    provider = work.db.get_one(Provider, provider_id)
    provider.taxonomy, provider.credentials = "101YM0800X", credentials
    provider.licence = "37PC00123400"
    work.db.flush()
    return provider_id


def _payer(work: Work, name: str, code: str) -> int:
    payer_id = add_payer(work, name, code=code)
    payer = work.db.get_one(Payer, payer_id)
    payer.route, payer.filing_indicator = Route.ELECTRONIC, "CI"
    payer.filing_days, payer.corrected_days, payer.appeal_days = 180, 180, 180
    payer.address1, payer.city = "1 Invented Plaza", "Sampleville"
    payer.state, payer.zip_code = "NJ", "07001-0001"
    work.db.flush()
    return payer_id


def _place_of(address: dict[str, str]) -> dict[str, str]:
    given = {key: value for key, value in address.items() if key != "address1"}
    return {"address": address["address1"], **given}
