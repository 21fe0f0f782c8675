"""Claims that wait, one by one: denied, rejected, kept back, near their last day, unanswered.

A claim is there once: what is held and near its last day is held, and urgent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claim_standing import FALLEN
from fscdesk.services.claims.clocks import Clock
from fscdesk.services.claims.denials import DenialFilter, DenialRow, find_denials
from fscdesk.services.claims.denied_lines import ANSWERED_IN_PART
from fscdesk.services.claims.listing import ClaimFilter, ClaimRow, page_of_claims
from fscdesk.services.claims.portal_entering import to_enter
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.claims import CLAIM, LIST
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, by_day, the_rest
from fscdesk.services.queue.wording import many
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

NEAR: Final = 14
"""Within so many days the end of the time of a claim that could go is a thing of its own."""
_CHARGE_DENIED: Final = "charge"


def denied(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield what payers have denied: each claim once, and charges that were billed elsewhere."""
    page = _claims(work, ClaimFilter(view="denied"), "deadline", most)
    lines = find_denials(work, DenialFilter(), Span(0, most, "deadline")).rows
    of_claim: dict[int, list[DenialRow]] = {}
    elsewhere: list[DenialRow] = []
    for line in lines:
        if line.claim_id is None:
            elsewhere.append(line)
        else:
            of_claim.setdefault(line.claim_id, []).append(line)
    for row in page.rows:
        yield _denied_claim(work, row, of_claim.pop(row.id, []))
    in_part = {
        one: found
        for one, found in of_claim.items()
        if found[0].status in (ClaimStatus.PARTIALLY_PAID, *ANSWERED_IN_PART)
    }
    taken_up = _taken_up(work, list(in_part))
    for claim_id, found in in_part.items():
        if claim_id not in taken_up:
            yield _denied_lines(work, found, f"{claim_id}", Opens(CLAIM, {"claim": claim_id}))
    for one in elsewhere:
        opens = Opens("sessions", {"session": one.session_id}) if one.session_id else Opens(LIST)
        yield _denied_lines(work, [one], f"{_CHARGE_DENIED}-{one.charge_id}", opens)
    rest = Opens(LIST, {"view": "denied"})
    yield from the_rest(ItemKind.DENIED, page.total, most, "denied claims", rest, Urgency.HIGH)


def rejected(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the claims that never reached their payer."""
    page = _claims(work, ClaimFilter(view="rejected"), "deadline", most)
    for row in page.rows:
        reason = row.reason.removesuffix(".") or "no reason was given"
        steps = (
            Step("Read what was wrong", reason),
            Step("Mend it where it comes from", _where(row)),
            Step("Send it again, as an original"),
        )
        yield _claim(work, row, ItemKind.REJECTED, Urgency.HIGH, f"Rejected: {reason}", steps)
    rest = Opens(LIST, {"view": "rejected"})
    yield from the_rest(ItemKind.REJECTED, page.total, most, "rejected claims", rest, Urgency.HIGH)


def held(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the unsent claims that something keeps: a finding, a person, another claim."""
    page = _claims(work, ClaimFilter(view="held"), "deadline", most)
    for row in page.rows:
        reason = row.why_held.removesuffix(".")
        steps = (
            Step("See what keeps it", reason),
            Step("Mend it where it comes from, or release it", _where(row)),
            Step("Send it"),
        )
        yield _claim(work, row, ItemKind.HELD, Urgency.MEDIUM, f"Kept back: {reason}", steps)
    rest = Opens(LIST, {"view": "held"})
    yield from the_rest(ItemKind.HELD, page.total, most, "claims kept back", rest, Urgency.MEDIUM)


def deadlines(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield ready claims, open appeals and claims to type in whose time ends soon, or has."""
    entering = to_enter(work)
    asked = ("scrubbed", "appealing", "submitted")
    wanted = ClaimFilter(due_within=NEAR, statuses=asked)
    page = _claims(work, wanted, "deadline", most)
    for row in page.rows:
        clock = row.deadline
        if clock is None or (row.status is ClaimStatus.SCRUBBED and not row.ready):
            continue
        steps: tuple[Step, ...]
        if row.status is ClaimStatus.APPEALING:
            steps = (Step("Write the letter"), Step("Send the appeal", _where(row)))
        elif row.id in entering:
            steps = (Step("Type it into the payer's portal", row.payer), Step("Tick the steps"))
        else:
            steps = (Step("Send it", f"{row.number} is checked"),)
        title = f"{clock.words[:1]}{clock.words[1:].lower()}"
        yield _claim(work, row, ItemKind.DEADLINE, Urgency.HIGH, title, steps)
    rest = Opens(LIST, {"view": "all", "due": NEAR, "status": asked})
    yield from the_rest(
        ItemKind.DEADLINE, page.total, most, "claims near their last day", rest, Urgency.HIGH
    )


def follow_up(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the claims for which somebody has set today or an earlier day."""
    page = _claims(work, ClaimFilter(view="follow_up"), "next_action", most)
    for row in page.rows:
        what = row.next_action.removesuffix(".") or "Follow up"
        item = _claim(
            work, row, ItemKind.FOLLOW_UP, Urgency.MEDIUM, what, (Step(what, row.number),)
        )
        day = row.next_action_on
        said = "" if day is None else f" for {day:%m/%d/%Y}"
        yield replace(
            item,
            why=f"{what}: it was set{said}.",
            urgency=Urgency.MEDIUM,
            due_on=day,
            since=day,
            standing=f"{what} {day}",
        )
    rest = Opens(LIST, {"view": "follow_up"})
    yield from the_rest(
        ItemKind.FOLLOW_UP, page.total, most, "claims to follow up", rest, Urgency.MEDIUM
    )


def silent(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the claims of which their payer has said nothing for 30, 60 and 90 days."""
    page = _claims(work, ClaimFilter(view="silent"), "sent", most)
    entering = to_enter(work)
    for row in page.rows:
        if not row.silent:
            continue
        days = many(row.days_sent or 0, "day")
        if row.id in entering:
            step = Step("Type it in: the payer does not have it yet", entering[row.id].batch)
        else:
            step = Step("Look it up in the payer's portal, or call", row.payer_number)
        item = _claim(
            work,
            row,
            ItemKind.SILENT,
            Urgency(row.silent),
            f"No answer for {days}",
            (step, Step("Note what the payer says")),
        )
        said = f"{row.payer} has said nothing of {row.number} for {days}."
        yield replace(item, why=said, since=row.last_sent_on, standing=f"sent {row.last_sent_on}")
    rest = Opens(LIST, {"view": "silent"})
    yield from the_rest(ItemKind.SILENT, page.total, most, "silent payers", rest, Urgency.MEDIUM)


def _claims(work: Work, wanted: ClaimFilter, sort: str, most: int) -> Page[ClaimRow]:
    return page_of_claims(work, wanted, Span(0, most, sort))


def _claim(
    work: Work,
    row: ClaimRow,
    kind: ItemKind,
    urgency: Urgency,
    title: str,
    steps: tuple[Step, ...],
) -> QueueItem:
    clock = row.deadline
    due = None if clock is None else clock.due_on
    why = row.why_held or row.reason or title
    return QueueItem(
        key=f"{kind.value}:{row.id}",
        kind=kind,
        urgency=by_day(due, work.today(), urgency),
        title=title,
        about=f"{row.patient}, {row.payer}, {_days(row.first_day, row.last_day)}",
        why=_sentence(why, clock),
        amount=row.insurance_open if row.insurance_open > ZERO else row.total,
        due_on=due,
        since=row.status_since,
        opens=Opens(CLAIM, {"claim": row.id}),
        steps=steps,
        patient_id=row.patient_id,
        payer_id=row.payer_id,
        payer=row.payer,
        claim_id=row.id,
        standing=f"{row.status.value} {row.status_since} {row.reason_code} {row.why_held}",
        assigned_to=row.assigned_to,
        assignee=row.assigned,
    )


def _denied_claim(work: Work, row: ClaimRow, lines: Sequence[DenialRow]) -> QueueItem:
    """Return a denied claim; in the words of its lines where the payer gave a reason for each."""
    if lines:
        reason, steps = lines[0].reason.removesuffix("."), _remedy(lines[0])
        code = _code(lines[0])
    else:
        reason, code = row.reason.removesuffix(".") or "no reason is known", ""
        steps = (Step("Look in the payer's portal, or call", row.payer_number),)
    item = _claim(work, row, ItemKind.DENIED, Urgency.HIGH, f"Denied: {reason}{code}", steps)
    return replace(item, why=_sentence(f"{reason}{code}", row.deadline))


def _denied_lines(work: Work, lines: Sequence[DenialRow], object_: str, opens: Opens) -> QueueItem:
    """Return denied lines of a claim that is not denied whole, or of a charge billed elsewhere."""
    first = lines[0]
    due = None if first.deadline is None else first.deadline.due_on
    code = _code(first)
    reason = first.reason.removesuffix(".")
    days = _days(min(one.day for one in lines), max(one.day for one in lines))
    return QueueItem(
        key=f"{ItemKind.DENIED.value}:{object_}",
        kind=ItemKind.DENIED,
        urgency=by_day(due, work.today(), Urgency.HIGH),
        title=f"Denied: {reason}{code}",
        about=f"{first.patient}, {first.payer}, {days}",
        why=_sentence(f"{reason}{code}", first.deadline),
        amount=Money(sum(one.open.cents for one in lines)),
        due_on=due,
        since=first.denied_on,
        opens=opens,
        steps=_remedy(first),
        patient_id=first.patient_id,
        payer_id=first.payer_id,
        payer=first.payer,
        session_id=first.session_id,
        claim_id=first.claim_id,
        standing=" ".join(f"{one.charge_id}:{one.why}" for one in lines),
        assigned_to=first.assigned_to,
        assignee=first.assigned,
    )


def _code(line: DenialRow) -> str:
    """Return the payer's reason behind its words; without its group it says what the number is."""
    if not line.carc:
        return ""
    return f" ({line.why})" if line.group else f" (CARC {line.carc})"


def _remedy(line: DenialRow) -> tuple[Step, ...]:
    """Return the usual way out of a denial: what helps, the paper for it, and the letter."""
    paper = (Step("Have this at hand", line.document),) if line.document else ()
    clock = "" if line.deadline is None else line.deadline.words
    return (
        Step(line.remedy),
        *paper,
        Step("Correct and send again, or write the appeal's letter", clock),
    )


def _taken_up(work: Work, claim_ids: Sequence[int]) -> set[int]:
    """Return the claims that a newer one corrects already."""
    found = work.db.scalars(
        select(Claim.replaces_id).where(
            among(work, Claim.replaces_id, claim_ids), Claim.status.not_in(FALLEN)
        )
    )
    return {one for one in found if one is not None}


def _sentence(why: str, clock: Clock | None) -> str:
    said = why if why.endswith(".") else f"{why}."
    return said if clock is None else f"{said} {clock.words}, by {clock.due_on:%m/%d/%Y}."


def _where(row: ClaimRow) -> str:
    return "" if row.deadline is None else row.deadline.words


def _days(first: date, last: date) -> str:
    return f"{first:%m/%d/%Y}" if first == last else f"{first:%m/%d} to {last:%m/%d/%Y}"
