"""Builds the letter of an appeal from the claim as it stands: template, argument, denied lines."""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.claim import Appeal, Claim, ClaimLine
from fscdesk.models.values import Money
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.claim_answers import carc_of_answer, line_answers
from fscdesk.services.claims.appeal_words import merged, template
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.content import Address, ClaimContent, Person
from fscdesk.services.printing.appeal_letter import AppealedLine, AppealLetterDoc
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.printing.words import day, dollars
from fscdesk.services.work import Work


def letter_doc(
    work: Work, appeal: Appeal, number: str, *, preview: bool = False
) -> AppealLetterDoc:
    """Return what the letter of an appeal says today."""
    claim, content = work.db.get_one(Claim, appeal.claim_id), content_of(work, appeal.claim_id)
    lines = _denied_lines(work, claim)
    total = Money(sum(line.amount.cents for line in lines))
    opening = merged(template(work), _values(work, claim, content, lines, total))
    member = content.coverage.member_id if content.coverage is not None else ""
    return AppealLetterDoc(
        letterhead=letterhead_of(work),
        number=number,
        day=work.today(),
        recipient=Recipient(content.payer.name, _address(content.payer.address)),
        claim=content.number,
        payer_claim=claim.payer_number,
        member=_name(content.patient),
        member_id=member,
        denied_on=claim.denied_on,
        level=appeal.level,
        paragraphs=(opening, appeal.argument),
        lines=lines,
        total=total,
        signed=f"{work.actor.name}, billing office of {content.practice.name}",
        born_on=content.patient.birth_date,
        npi=content.practice.npi,
        tax_id=content.practice.tax_id,
        preview=preview,
    )


def _denied_lines(work: Work, claim: Claim) -> tuple[AppealedLine, ...]:
    """Return the lines that were denied; all of them where no line says so by itself."""
    answers = line_answers(work, [claim.id])[claim.id]
    rows = work.db.scalars(
        select(ClaimLine).where(ClaimLine.claim_id == claim.id).order_by(ClaimLine.position)
    ).all()
    denied = [one for one in rows if carc_of_answer(answers.get(one.position, ""))]
    return tuple(
        AppealedLine(
            one.service_day,
            " ".join((one.code, *one.modifiers.split())),
            f"CARC {carc_of_answer(answers.get(one.position, '')) or claim.reason_code}".strip(),
            one.amount,
        )
        for one in denied or rows
    )


def _values(
    work: Work,
    claim: Claim,
    content: ClaimContent,
    lines: tuple[AppealedLine, ...],
    total: Money,
) -> dict[str, str]:
    days = list(dict.fromkeys(day(line.service_day) for line in lines))
    several = len(days) > 2  # noqa: PLR2004 - two are named, more are a span
    return {
        "patient": _name(content.patient),
        "member_id": content.coverage.member_id if content.coverage is not None else "",
        "payer": content.payer.name,
        "claim": content.number,
        "payer_number": claim.payer_number or content.number,
        "service_days": f"{days[0]} to {days[-1]}" if several else " and ".join(days),
        "denied_on": day(claim.denied_on),
        "amount": dollars(total),
        "reason": claim.reason.rstrip("."),
        "practice": content.practice.name,
        "clinician": f"{content.rendering.first_name} {content.rendering.last_name}".strip(),
        "today": day(work.today()),
    }


def _name(person: Person) -> str:
    parts = (person.first_name, person.middle_name, person.last_name, person.suffix)
    return " ".join(part for part in parts if part)


def _address(address: Address) -> tuple[str, ...]:
    state = " ".join(part for part in (address.state, address.zip_code) if part)
    place = ", ".join(part for part in (address.city, state) if part)
    return tuple(line for line in (address.line1, address.line2, place) if line)
