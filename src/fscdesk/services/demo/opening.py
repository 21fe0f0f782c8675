"""Setting up the fictional practice: its places, people, payers, services and prices."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import case, select, update

from fscdesk.models.patient import Guarantor, SendBy
from fscdesk.models.practice import Location, Room
from fscdesk.models.service import ServiceKind
from fscdesk.models.session import Session
from fscdesk.models.staff import Role
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.demo import cast
from fscdesk.services.demo.insurers import CITY, CLAIMS, OnClaims
from fscdesk.services.demo.season import Season
from fscdesk.services.setup.fees import FeeFields, ScheduleFields, add_schedule, set_fee
from fscdesk.services.setup.payers import (
    PayerFields,
    PortalFields,
    add_payer,
    add_portal,
    payers,
)
from fscdesk.services.setup.people import add_person
from fscdesk.services.setup.practice import (
    LocationFields,
    PracticeFields,
    add_location,
    edit_practice,
    practice,
)
from fscdesk.services.setup.providers import (
    ProviderFields,
    add_provider,
    edit_provider,
    providers,
)
from fscdesk.services.setup.services import ServiceFields, add_service
from fscdesk.services.work import Topic, Work

_STAFF = (
    ("demo.clerk", "Clara Clerkson", Role.BILLING_CLERK),
    ("demo.manager", "Manfred Ledgerly", Role.BILLING_MANAGER),
    ("demo.director", "Dora Overview", Role.DIRECTOR),
)
VIDEO_EVERY, EMAIL_EVERY = 3, 6
"""Every so many clients meet by video, or get their bills by e-mail."""
_ROOMS = ("Fern", "Birch", "Play room", "Group room")


def set_up(work: Work, season: Season) -> None:
    """Write everything that the office knows before its first import."""
    _practice(work)
    for login, name, role in _STAFF:
        add_person(work, login=login, name=name, wanted=[role.value])
    for number, clinician in enumerate(cast.CLINICIANS):
        if number != cast.JOINS_LATER:
            add_provider(work, _provider(clinician))
    for facts, claims in zip(cast.PAYERS, CLAIMS, strict=True):
        _payer(work, facts, claims)
    for item in cast.SERVICES:
        _service(work, item)
    set_prices(work, season, season.first.year)


def set_prices(work: Work, season: Season, year: int) -> None:
    """Write the prices of a year: the practice's own schedule, and what each payer allows."""
    first = year == season.first.year
    begins = season.first - timedelta(days=365) if first else date(year, 1, 1)
    ids = {row.fields.payer_code: row.id for row in payers(work)}
    for number, payer in enumerate([None, *cast.PAYERS]):
        schedule = add_schedule(
            work,
            ScheduleFields(
                name=f"{'Standard' if payer is None else payer.short_name} {year}",
                payer_id=None if payer is None else ids[payer.code],
                valid_from=begins,
            ),
            end_previous=not first,
        )
        for item in cast.SERVICES:
            if payer is not None and item.code in cast.CLIENT_ONLY:
                continue
            charged = cast.rate(item.code, date(year, 12, 31), season.first.year)
            expected = None if payer is None else Money(cast.allowed(number - 1, charged))
            set_fee(work, schedule, FeeFields(item.code, Money(charged), expected))


def complete_clinicians(work: Work) -> list[int]:
    """Give NPI and taxonomy to clinicians of whom the books learnt from an import.

    Returns their places in the cast.
    """
    facts = {clinician.name: number for number, clinician in enumerate(cast.CLINICIANS)}
    completed = []
    for row in providers(work):
        number = facts.get(row.fields.name)
        if not row.fields.npi and number is not None:
            fields = _provider(cast.CLINICIANS[number])
            edit_provider(work, row.id, fields, expected_version=row.version)
            completed.append(number)
    return completed


def _practice(work: Work) -> None:
    seen = practice(work)
    fields = PracticeFields(
        name=seen.fields.name,
        zone=seen.fields.zone,
        address1="200 Nowhere Avenue",
        address2="Suite 4",
        city="Sampleville",
        state="NJ",
        zip_code="07000-4321",
        phone="(555) 010-0100",
        email="billing@springs.example.invalid",
        hours="Monday to Friday, 9 to 5",
        npi=cast.npi("299900100"),
        tax_id="00-0000001",
        taxonomy="261QM0850X",
    )
    edit_practice(work, fields, expected_version=seen.version)
    place = LocationFields(
        name="Nowhere Avenue",
        place_of_service="11",
        address="200 Nowhere Avenue, Suite 4",
        city=fields.city,
        state=fields.state,
        zip_code=fields.zip_code,
    )
    office = add_location(work, place)
    add_location(work, LocationFields("Video", "10"))
    work.db.add_all(Room(location_id=office, name=name) for name in _ROOMS)
    work.db.flush()
    record(work, "add_rooms", "location", office, names=list(_ROOMS))
    work.touch(Topic.PRACTICE)


def _provider(clinician: cast.Clinician) -> ProviderFields:
    return ProviderFields(
        name=clinician.name,
        credentials=clinician.credentials,
        npi=clinician.npi,
        taxonomy=clinician.taxonomy,
        licence=f"NJ-7{clinician.npi[-5:]}",
    )


def _payer(work: Work, facts: cast.PayerFacts, claims: OnClaims) -> None:
    payer_id = add_payer(
        work,
        PayerFields(
            name=facts.name,
            short_name=facts.short_name,
            payer_code=facts.code,
            filing_days=facts.filing_days,
            needs_authorization=facts is cast.PAYERS[cast.NEEDS_AUTHORIZATION],
            corrected_days=claims.corrected_days,
            appeal_days=claims.appeal_days,
            route=claims.route.value,
            filing_indicator=claims.indicator,
            member_id_pattern=claims.pattern,
            wants_referral=claims.refers,
            public_program=claims.public,
            automation=claims.automation.value,
            address1=claims.street,
            city=CITY,
            state="NJ",
            zip_code=claims.zip_code,
        ),
    )
    portal = PortalFields(
        name=facts.portal,
        address=f"https://{facts.prefix.lower()}.example.invalid/offices",
        route="Claims and status",
        steps=facts.steps,
    )
    add_portal(work, payer_id, portal)


def _service(work: Work, item: cast.ServiceItem) -> None:
    charged_when_missed = item.kind is ServiceKind.SESSION and item.rate >= cast.RAISED_FROM
    fields = ServiceFields(
        code=item.code,
        name=item.name,
        kind=item.kind.value,
        minutes=item.minutes,
        base_rate=Money(item.rate),
        revenue_account=item.account,
        late_cancel_fee=Money(cast.FEES[cast.LATE_CANCEL]) if charged_when_missed else None,
        no_show_fee=Money(cast.FEES[cast.NO_SHOW]) if charged_when_missed else None,
    )
    add_service(work, fields)


def say_where(work: Work) -> None:
    """Say of every session where it takes place: at the office, or by video.

    As the attendance report says it; one statement does for all of two years. A client meets
    always at one place.
    """
    office, video = work.db.scalars(select(Location.id).order_by(Location.id).limit(2))
    by_video = Session.patient_id % VIDEO_EVERY == 0
    work.db.execute(
        update(Session)
        .where(Session.location_id.is_(None), Session.withdrawn_by.is_(None))
        .values(location_id=case((by_video, video), else_=office))
    )
    work.db.expire_all()


def send_by_email(work: Work) -> None:
    """Let some of those who have an e-mail address get their bills there."""
    work.db.execute(
        update(Guarantor)
        .where(Guarantor.email != "", Guarantor.id % EMAIL_EVERY == 0)
        .values(send_by=SendBy.EMAIL)
    )
    work.db.expire_all()
