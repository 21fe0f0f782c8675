"""835 texts brought to our books: what is answered, and what of ours was found for it.

sent = send_claim(books, desk, sessions=2)      # a claim that a payer has
(found,) = matched(books, era(claim(sent.account, service(charge="160"))))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.remittance import Unposted
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredClaim, AnsweredRemittance
from fscdesk.services.remittances.matching import match
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, claim_of
from tests.support.eras_answered import answered

ALMA = ("ANYONE", "ALMA", "XYZ123456789")
BEN = ("SOMEBODY", "BEN", "XYZ987654321")
STRANGER = ("ELSEWHERE", "ZED", "QQQ000111222")


@dataclass(frozen=True)
class SentClaim:
    """A claim as its payer knows it: its number on paper, and its lines in their order."""

    id: int
    account: str
    lines: tuple[int, ...]
    charges: tuple[int, ...]
    days: tuple[str, ...]


def sent(books: Office, claim_id: int) -> SentClaim:
    """A claim that is in the books."""
    number = books.read(lambda work: work.db.get_one(Claim, claim_id).number)
    rows = books.read(
        lambda work: work.db.execute(
            select(ClaimLine.id, ClaimLine.charge_id, ClaimLine.service_day)
            .where(ClaimLine.claim_id == claim_id)
            .order_by(ClaimLine.position)
        ).all()
    )
    return SentClaim(
        claim_id,
        number.replace("-", ""),
        tuple(row.id for row in rows),
        tuple(row.charge_id for row in rows),
        tuple(f"{row.service_day:%Y%m%d}" for row in rows),
    )


def send_claim(
    books: Office,
    desk: ClaimDesk,
    *,
    sessions: int = 1,
    code: str = "90837",
    status: ClaimStatus = ClaimStatus.SUBMITTED,
) -> SentClaim:
    """A claim of Alma, 160.00 each week from March 2nd, that the payer has."""
    claim_id = claim_of(books, desk=desk, sessions=sessions, status=status, code=code)
    return sent(books, claim_id)


def matched(books: Office, text: str) -> tuple[AnsweredRemittance, ...]:
    """What a file says, and what of ours was found for it."""
    return books.read(lambda work: match(work, answered(text)))


def charges(one: AnsweredClaim) -> list[int | None]:
    """The charges that a claim's lines are about, in their order."""
    return [line.charge_id for line in one.lines]


def whys(one: AnsweredClaim) -> list[Unposted | None]:
    """Why lines are about nothing, or cannot be posted."""
    return [line.why for line in one.lines]


def copied(work: Work, claim_id: int, number: str, **changed: Any) -> Claim:
    """A claim like another one, with its lines; ``changed`` are columns of it."""
    old = work.db.get_one(Claim, claim_id)
    names = [one.key for one in Claim.__table__.columns if one.key not in ("id", "number")]
    values = {name: getattr(old, name) for name in names} | {"version": 1} | changed
    new = Claim(number=number, **values)
    work.db.add(new)
    work.db.flush()
    kept = [one.key for one in ClaimLine.__table__.columns if one.key not in ("id", "live")]
    for line in work.db.scalars(
        select(ClaimLine).where(ClaimLine.claim_id == claim_id).order_by(ClaimLine.position)
    ).all():
        same = {name: getattr(line, name) for name in kept}
        work.db.add(ClaimLine(**same | {"claim_id": new.id}))
    work.db.flush()
    return new
