"""A morning with an 835: 25 claims in 40 lines, one of them taken back, one denied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.payer import Payer
from fscdesk.services.office import Office
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_person, add_policy, put_at, ready
from tests.support.claims import build as build_claims
from tests.support.era_lines import EraClaim
from tests.support.eras import claim, era, reversal_of, service

CLEAN, OF_TWO = 22, 14
PAID = "CO45=38.60 PR3=30"
FIRST_DAY = date(2026, 3, 2)
AMOUNT = "3280.40"
"""36 lines at 91.40, less 91.40 taken back, and 81.40 instead of it."""


@dataclass(frozen=True)
class EraDay:
    """Who is in the file, by the row of our claims; the file; what was posted in February."""

    desk: ClaimDesk
    clean: tuple[int, ...]
    taken_back: int
    denied: int
    text: str
    february: int


@dataclass(frozen=True)
class _Person:
    """Somebody with a claim that the payer has."""

    names: tuple[str, str, str]
    claim: int


def era_day(books: Office) -> EraDay:
    """Make the practice, its claims, what was posted before; the file is not read yet."""
    desk = books.write(add_claim_desk).value

    def limits(work: Work) -> None:
        payer = work.db.get_one(Payer, desk.payer)
        payer.appeal_days, payer.corrected_days = 60, 120

    books.write(limits)
    people = [_sit(books, desk, at) for at in range(CLEAN + 2)]
    clean, back, refused = people[:CLEAN], people[CLEAN], people[CLEAN + 1]
    first = _answer(books, back, PAID, payer_number="FIC2026000X")
    february = read(books, era(first, trace="EFT2026000"), "february.835")
    books.write(lambda work: post_remittance(work, february))
    answers = [
        _answer(books, one, PAID, payer_number=f"FIC2026{at:03d}X") for at, one in enumerate(clean)
    ]
    corrected = _answer(books, back, "CO45=48.60 PR3=30", payer_number="FIC2026900X")
    denied = _answer(
        books, refused, "CO16=160", payer_number="FIC2026901X", status="4", remarks=("N290",)
    )
    # The payer says the correction before what it takes back.
    text = era(*answers[:20], corrected, reversal_of(first), denied, *answers[20:])
    return EraDay(
        desk, tuple(one.claim for one in clean), back.claim, refused.claim, text, february
    )


def read(books: Office, text: str, name: str = "today.835") -> int:
    """Keep a file of one remittance without posting it; return its id."""
    return books.write(lambda work: apply_era(work, name, text.encode())).value.kept[0]


def _sit(books: Office, desk: ClaimDesk, at: int) -> _Person:
    """A client with one or two sessions on a claim that was sent."""
    names = (f"FICTION{_letters(at)}".upper(), "PAT", f"XYZ1000000{at:02d}")
    lines = 2 if at < OF_TWO or at == CLEAN + 1 else 1

    def sit(work: Work) -> list[int]:
        person = add_person(work, f"Pat Fiction{_letters(at)}", f"P-{at + 10}")
        add_policy(work, person, desk.payer, names[2])
        return [
            ready(
                work, desk, patient=person, day=FIRST_DAY + timedelta(weeks=week), minute=480 + at
            )
            for week in range(lines)
        ]

    (claim_id,) = build_claims(books, books.write(sit).value)
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.ACCEPTED))
    return _Person(names, claim_id)


def _answer(
    books: Office,
    person: _Person,
    cas: str,
    *,
    payer_number: str,
    status: str = "1",
    remarks: tuple[str, ...] = (),
) -> EraClaim:
    """What the payer says of a claim: the same of each of its lines."""

    def look(work: Work) -> tuple[str, list[date]]:
        days = select(ClaimLine.service_day).where(ClaimLine.claim_id == person.claim)
        number = work.db.get_one(Claim, person.claim).number
        return number.replace("-", ""), list(work.db.scalars(days.order_by(ClaimLine.position)))

    number, days = books.read(look)
    services = [
        service("90837", "160", cas=cas, day=f"{day:%Y%m%d}", allowed="", remarks=remarks)
        for day in days
    ]
    return claim(number, *services, status=status, patient=person.names, payer_number=payer_number)


def _letters(at: int) -> str:
    return f"{chr(ord('a') + at // 26)}{chr(ord('a') + at % 26)}"
