"""A day's sessions that are ready to bill, with what a biller meets on it.

day = books.write(lambda work: seed_day(work, folder)).value     # 40 sessions, two faults

One client's member id is two characters short, and one clinician has no NPI: his sessions are
billed under a supervisor. Everything else can go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fscdesk.models.claim_batch import Route
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer, Portal
from fscdesk.models.provider import Provider
from fscdesk.services.claims import policies
from fscdesk.services.work import Work
from tests.support.claims import (
    ClaimDesk,
    add_claim_desk,
    add_person,
    add_policy,
    ready,
)
from tests.support.people import add_provider
from tests.support.sent_claims import set_setting

COUNT = 40
DAY = date(2026, 4, 10)
"""Two days before the tests' clock."""
PATTERN = "AA999999"
SHORT, RIGHT = "QX1234", "QX123456"
NPI_OF_MILO = "1083617021"
_FIRST = ("Ada", "Bea", "Cal", "Dov", "Eve", "Fay", "Gil", "Hal")
_LAST = ("Ashsample", "Birchmock", "Cedarfake", "Dogwoodtest", "Elmsample")


@dataclass(frozen=True)
class Day:
    """Who is there; ``newcomer`` has no NPI, ``milo`` supervises, ``short`` has the wrong id."""

    desk: ClaimDesk
    newcomer: int
    milo: int
    short: int
    sessions: tuple[int, ...]


def seed_day(work: Work, outbox: Path | None, *, count: int = COUNT, faults: bool = True) -> Day:
    """A practice that can send, and so many clients with a session each that is ready."""
    desk = add_claim_desk(work)
    payer = work.db.get_one(Payer, desk.payer)
    payer.member_id_pattern = PATTERN
    set_up_sending(work, outbox)
    milo = clinician(work, "Milo Larchmock", NPI_OF_MILO)
    newcomer = clinician(work, "Nova Freshsample", "" if faults else "1366554206")
    made, short = [], 0
    for at in range(count):
        wrong = faults and at == 3
        new = at == 7
        name = f"{_FIRST[at % 8]} {_LAST[at // 8 % 5]}"
        person = add_person(
            work, name, f"D-{at:03d}", born=date(1980, 1, 1) + timedelta(at), sex="F"
        )
        add_policy(work, person, desk.payer, SHORT if wrong else f"QX{654321 + at}")
        short = person if wrong else short
        made.append(
            ready(
                work,
                desk,
                patient=person,
                provider=newcomer if new else desk.mock,
                day=DAY,
                minute=480 + at,
            )
        )
    return Day(desk, newcomer, milo, short, tuple(made))


def set_up_sending(work: Work, outbox: Path | None) -> None:
    """Everything that Setup must say before a file can be made."""
    said: dict[str, Any] = {
        policies.SUBMITTER_ID: "SUBM001",
        policies.RECEIVER_ID: "CLEAR001",
        policies.RECEIVER_NAME: "Imaginary Clearing",
        policies.SUBMITTER_PHONE: "2015550100",
        policies.ELIGIBILITY_DAYS: 0,
    }
    if outbox is not None:
        outbox.mkdir(exist_ok=True)
        said[policies.OUTBOX] = str(outbox)
    for key, value in said.items():
        set_setting(work, key, value)


def clinician(work: Work, name: str, npi: str) -> int:
    """A clinician with all that a claim says of one, but perhaps without an NPI."""
    provider_id = add_provider(work, name, npi)
    provider = work.db.get_one(Provider, provider_id)
    provider.taxonomy, provider.credentials = "101YM0800X", "LAC"
    work.db.flush()
    return provider_id


def by_portal(work: Work, payer_id: int) -> None:
    """Let a payer's claims be typed into a portal with two steps."""
    payer = work.db.get_one(Payer, payer_id)
    payer.route = Route.PORTAL
    work.db.add(
        Portal(
            payer_id=payer_id,
            name="Imaginary Portal",
            address="https://portal.example",
            steps="Open the form\nType the claim",
        )
    )
    work.db.flush()


def on_paper(work: Work, payer_id: int) -> None:
    """Let a payer's claims go on red forms."""
    work.db.get_one(Payer, payer_id).route = Route.PAPER
    work.db.flush()


def without_sex(work: Work, patient_id: int) -> None:
    """Take a client's sex away, so that a claim stops."""
    work.db.get_one(Patient, patient_id).sex = ""
    work.db.flush()
