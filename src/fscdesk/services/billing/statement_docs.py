"""Builds the documents of statements: what each page will say, from the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fscdesk.models.practice import Practice
from fscdesk.models.values import ZERO
from fscdesk.services.billing.policies import INSTRUCTIONS, MESSAGE, net_days, words
from fscdesk.services.billing.statement_activity import Activity, activity_of
from fscdesk.services.billing.statement_terms import Recipient, StatementPlan
from fscdesk.services.printing.parties import OR_A_PLAN
from fscdesk.services.printing.statement import Letterhead, StatementDoc
from fscdesk.services.work import Work

NAMED_CLINICIANS = 2
"""With more clinicians than these the note beside the heading says nothing."""


def statement_docs(
    work: Work,
    plan: StatementPlan,
    *,
    numbers: Sequence[str] = (),
    recipients: Sequence[Recipient] | None = None,
    dated: date | None = None,
    messages: Mapping[int, str] | None = None,
) -> list[StatementDoc]:
    """Return the document of each recipient, in order; each from that guarantor's lines alone.

    ``numbers`` are those of the statements; without them the pages say that they are a
    preview. ``recipients`` are some of the plan's, for working through a long run in parts.
    ``dated`` is the day on the page, today at first. ``messages`` take the place of the text
    by age, by guarantor.
    """
    chosen = plan.recipients if recipients is None else recipients
    activity = activity_of(work, plan.as_of, chosen, plan.parked)
    labels = numbers or ["Preview"] * len(chosen)
    day = dated or work.today()
    due = day + timedelta(days=net_days(work))
    message, instructions = words(work, MESSAGE), words(work, INSTRUCTIONS)
    closing = message or letterhead_of(work).question("statement", OR_A_PLAN)
    told = messages or {}
    return [
        StatementDoc(
            number=number,
            day=day,
            account=one.number,
            period_from=one.period_from,
            period_to=plan.as_of,
            due_by=due if one.due_now > ZERO else None,
            recipient_name=one.name,
            recipient_address=one.address,
            sections=activity[one.guarantor_id].sections,
            ages=one.ages,
            amount_due=one.due_now,
            note=_note(activity[one.guarantor_id]),
            message=_message(told.get(one.guarantor_id, one.dunning), message, closing),
            instructions=instructions,
            in_parts=one.due_now != one.balance,
        )
        for one, number in zip(chosen, labels, strict=True)
    ]


def _message(dunning: str, message: str, closing: str) -> str:
    """Put the text by age before the practice's own message, or before whom to call."""
    return f"{dunning} {closing}".strip() if dunning else message


def letterhead_of(work: Work) -> Letterhead:
    """Return the practice's name and address as they stand on paper."""
    practice = work.db.get_one(Practice, 1)
    state = " ".join(part for part in (practice.state, practice.zip_code) if part)
    place = ", ".join(part for part in (practice.city, state) if part)
    street = ", ".join(part for part in (practice.address1, practice.address2) if part)
    lines = (street, place)
    return Letterhead(
        practice.name,
        tuple(line for line in lines if line),
        practice.phone,
        practice.email,
        practice.hours,
    )


def _note(activity: Activity) -> str:
    names = activity.clinicians
    if not names or len(names) > NAMED_CLINICIANS:
        return ""
    return f"Sessions with {' and '.join(names)}"
