"""Files that came back for claims and for coverage, told apart by what is in them.

file = office.read(lambda work: look_at_answers(work, path))     # what it says; writes nothing
done = office.write(lambda work: take_answers(work, file)).value # read into the books, once

A 999 and a 277CA answer claims, a 271 answers questions about coverage. Names of files do not
matter.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select

from fscdesk.models.eligibility import EligibilityCheck
from fscdesk.services.claims.ack_plan import Acknowledged, AckPlan, AckRow, Verdict
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.eligibility_reading import EligibilityRead, read_eligibility
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.work import Work
from fscdesk.services.x12.eligibility_271 import read_271
from fscdesk.services.x12.eligibility_facts import EligibilityAnswer
from fscdesk.services.x12.envelopes import read_interchanges

__all__ = [
    "AckPlan",
    "AckRow",
    "Acknowledged",
    "AnswerFile",
    "AnswerKind",
    "CoverageLine",
    "EligibilityRead",
    "Verdict",
    "is_answer_file",
    "look_at_answers",
    "take_answers",
]

_BEGINNING: Final = 512
_LARGEST: Final = 64 * 1024 * 1024
_NOTHING: Final = "Nothing was read."


class AnswerKind(enum.StrEnum):
    """What a file answers: claims (999, 277CA), or whether somebody is covered (271)."""

    CLAIMS = "claims"
    COVERAGE = "271"


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """What a 271 says of one person. ``active`` is None where it does not say."""

    position: int
    person: str
    member_id: str
    payer: str
    plan: str
    active: bool | None
    refusal: str


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file that was looked at. ``plan`` is what a 999 or 277CA would change.

    ``already`` says when the same file was read before: then nothing is to do.
    """

    kind: AnswerKind
    name: str
    data: bytes
    made_on: date | None
    plan: AckPlan | None
    coverage: tuple[CoverageLine, ...]
    findings: tuple[Finding, ...]
    already: str

    @property
    def count(self) -> int:
        """Return how many answers are in it."""
        return len(self.coverage) if self.plan is None else len(self.plan.rows)


def is_answer_file(path: Path) -> bool:
    """Return whether a file is X12, by its first characters; a file that cannot be read is none."""
    try:
        with path.open("rb") as file:
            start = file.read(_BEGINNING)
    except OSError:
        return False
    return start.decode("latin-1").lstrip("\ufeff\xef\xbb\xbf\x00 \t\r\n").startswith("ISA")


def look_at_answers(work: Work, path: Path) -> AnswerFile:
    """Read a file and return what it says. Raises Problem, saying what the file is, for others."""
    data = _bytes(path)
    text = _text(data)
    reading = read_interchanges(text)
    if not reading.sets("271"):
        plan = plan_acknowledgment(work, path.name, data)
        findings = plan.findings
        return AnswerFile(
            AnswerKind.CLAIMS, path.name, data, plan.made_on, plan, (), findings, plan.already
        )
    found = read_271(text)
    lines = tuple(_line(at, one) for at, one in enumerate(found.answers, start=1))
    odd = tuple(
        Finding(one.code, one.message, f"segment {one.position}", Severity.WARNING)
        for one in found.oddities
    )
    made_on = next((one.made_on for one in reading.interchanges if one.made_on), None)
    already = _read_before(work, data)
    return AnswerFile(AnswerKind.COVERAGE, path.name, data, made_on, None, lines, odd, already)


def take_answers(work: Work, file: AnswerFile) -> Acknowledged | EligibilityRead:
    """Read a file that was looked at into the books. The same file again changes nothing."""
    if file.plan is not None:
        return apply_acknowledgment(work, file.plan)
    return read_eligibility(work, file.name, file.data)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise Problem(f"{path.name} is too large for an answer.", hint=_NOTHING)
        return path.read_bytes()
    except OSError as fault:
        raise Problem(
            f"{path.name} could not be read ({fault.strerror or 'bad name'}).",
            hint=f"{_NOTHING} Copy the file to this computer and choose the copy.",
        ) from None


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _line(position: int, answer: EligibilityAnswer) -> CoverageLine:
    who = answer.dependent or answer.subscriber
    name = "" if who is None else f"{who.first_name} {who.last_name}".strip()
    member = "" if answer.subscriber is None else answer.subscriber.member_id
    refusal = "; ".join(dict.fromkeys(map(str, answer.rejections)))
    return CoverageLine(
        position, name, member, answer.payer_name, answer.plan_name, answer.active, refusal
    )


def _read_before(work: Work, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    when = work.db.scalar(
        select(EligibilityCheck.answered_at).where(EligibilityCheck.sha256 == digest).limit(1)
    )
    if when is None:
        return ""
    local = when.astimezone(work.zone)
    return f"It was read on {local:%m/%d/%Y} at {local:%H:%M}"
