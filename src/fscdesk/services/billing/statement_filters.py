"""The rules and filters of a statement run: why an account gets none, in the order they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.statement_people import Person
from fscdesk.services.billing.statement_terms import (
    LastStatement,
    PlanTerms,
    Reason,
    RunFilters,
    due_of,
)

Why = tuple[Reason, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asks of every account, with what was read of all of them."""

    as_of: date
    least: Money
    mail_only: bool
    remind: int
    filters: RunFilters
    before: Mapping[int, LastStatement]
    covering: Mapping[int, LastStatement]
    moved: Mapping[int, int]
    pending: Mapping[int, Money]
    oldest: Mapping[int, date]
    plans: Mapping[int, PlanTerms]


def why_not(person: Person, balance: Money, asked: Asked) -> Why | None:
    """Return why a guarantor gets no statement: code and sentence; None where he gets one."""
    return (
        _by_balance(person, balance, asked)
        or _by_address(person, asked)
        or _by_filter(person, asked)
        or _by_plan(person, balance, asked)
        or _not_now(person, asked)
    )


def _by_balance(person: Person, balance: Money, asked: Asked) -> Why | None:
    with_credits = asked.filters.with_credits
    if not balance:
        return Reason.ZERO, "Owes nothing"
    if balance < ZERO and not with_credits:
        return Reason.CREDIT, f"Has a credit of {-balance}"
    if person.do_not_bill:
        return Reason.DO_NOT_BILL, "Marked not to be billed"
    if person.deceased:
        return Reason.DECEASED, "Deceased: write to the estate by hand"
    if ZERO < balance < asked.least:
        return Reason.BELOW_MINIMUM, f"Owes less than the minimum of {asked.least}"
    return None


def _by_address(person: Person, asked: Asked) -> Why | None:
    if person.by_email:
        return None
    if person.bad_address and not asked.filters.bad_addresses:
        return Reason.BAD_ADDRESS, "Mail to this address came back"
    if asked.mail_only and not person.address:
        return Reason.NO_ADDRESS, "No address"
    return None


def _by_filter(person: Person, asked: Asked) -> Why | None:
    filters = asked.filters
    if filters.billing_types and person.billing_type not in filters.billing_types:
        if not person.billing_type:
            return Reason.OTHER_TYPE, "It has no billing type"
        return Reason.OTHER_TYPE, f"Billing type {person.billing_type} was not asked for"
    if filters.leave_in_collections and person.at_agency:
        return Reason.IN_COLLECTIONS, "A collection agency has a case"
    if filters.leave_pending and person.id in asked.pending:
        return Reason.PENDING, f"Insurance has not answered for {asked.pending[person.id]}"
    if filters.age_days:
        since = asked.oldest.get(person.id)
        if since is None or (asked.as_of - since).days < filters.age_days:
            return Reason.TOO_YOUNG, f"Nothing is open for {filters.age_days} days yet"
    return None


def _by_plan(person: Person, balance: Money, asked: Asked) -> Why | None:
    plan = asked.plans.get(person.id)
    if plan is None:
        return None
    if asked.filters.leave_on_plan:
        return Reason.ON_PLAN, f"Pays by plan {', '.join(plan.numbers)}"
    if balance > ZERO and due_of(balance, plan) <= ZERO:
        return Reason.NOT_DUE, f"Nothing is due yet by plan {', '.join(plan.numbers)}"
    return None


def _not_now(person: Person, asked: Asked) -> Why | None:
    if person.id in asked.moved:
        return None
    before, covering = asked.before.get(person.id), asked.covering.get(person.id)
    if covering is not None:
        return Reason.STATED, f"Has statement {covering.number} as of {covering.as_of:%m/%d/%Y}"
    if before is not None and (
        asked.filters.changed_only or (asked.as_of - before.as_of).days < asked.remind
    ):
        return (
            Reason.NOTHING_NEW,
            f"Nothing new since statement {before.number} as of {before.as_of:%m/%d/%Y}",
        )
    return None
