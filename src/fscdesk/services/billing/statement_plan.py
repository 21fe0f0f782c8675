"""Plans a statement run: who gets one, who does not and why. The proof list. Writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.patient import Guarantor
from fscdesk.models.values import ZERO, GuarantorId, Money
from fscdesk.services.billing.dunning import dunning_text, dunning_texts
from fscdesk.services.billing.letterhead import missing_on_the_letterhead
from fscdesk.services.billing.parking import parked_patients
from fscdesk.services.billing.policies import repeat_days, statement_minimum
from fscdesk.services.billing.positions import ages_of, balances_of, oldest_of
from fscdesk.services.billing.statement_filters import Asked, why_not
from fscdesk.services.billing.statement_people import (
    Person,
    just_paid,
    last_statements,
    moved_since,
    pending_of,
    people_of,
    plans_of,
)
from fscdesk.services.billing.statement_terms import (
    Flag,
    LastStatement,
    LeftOut,
    PlanTerms,
    Reason,
    Recipient,
    RunFilters,
    StatementPlan,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.statement import StatementAges
from fscdesk.services.work import Work

OLDEST: Final = 4
"""The bucket of what is older than 120 days."""
NAMED_PLANS: Final = 3
USUAL: Final = RunFilters()
_PARKED: Final = (Reason.PARKED, "Parked until the next visit")

EARLY_DAYS = 7
"""Up to this day of a month a statement is about the month before."""


def plan_statements(
    work: Work,
    *,
    as_of: date,
    minimum: Money | None = None,
    since: date | None = None,
    guarantor_ids: Collection[int] | None = None,
    mail_only: bool = False,
    held: Collection[int] = (),
    filters: RunFilters = USUAL,
) -> StatementPlan:
    """Return who would get a statement as of the day, and who not and why.

    ``minimum`` None takes the practice's setting. ``since`` is the first day of the period;
    None begins each after its last statement, a first one with the month of ``as_of``.
    ``guarantor_ids`` looks at these accounts alone. ``mail_only`` leaves out those without
    an address, who otherwise come last, to be handed their statement. ``held`` are guarantors
    whom a person keeps back this time; ``filters`` choose among all others. What is parked is
    on no statement.
    """
    require(work, Right.MAKE_STATEMENTS, "make statements")
    _require(as_of, since, filters)
    _require_types(work, filters.billing_types)
    least = statement_minimum(work) if minimum is None else minimum
    only = None if guarantor_ids is None else tuple(sorted(set(guarantor_ids)))
    parked = tuple(sorted(parked_patients(work)))
    balances = balances_of(work, as_of, only, without=parked)
    aside = balances_of(work, as_of, only, patient_ids=parked) if parked else {}
    known = sorted({one for one in (*balances, *aside) if one is not None})
    people = people_of(work, as_of, known)
    asked = _asked(work, as_of, least, filters, balances, parked, mail_only=mail_only)
    left: list[LeftOut] = []
    chosen: list[Person] = []
    if nobodys := balances.get(None, ZERO) + aside.get(None, ZERO):
        left.append(_nobodys(nobodys))
    for guarantor in known:
        person, balance = people[guarantor], balances.get(guarantor, ZERO)
        apart = aside.get(guarantor, ZERO)
        why = why_not(person, balance, asked)
        if why is None and guarantor in held:
            why = Reason.HELD, "Held back"
        if why is None:
            chosen.append(person)
            if apart:
                left.append(_left(person, apart, _PARKED))
        elif apart:
            both = (why[0], f"{why[1]}; {apart} is parked") if balance else _PARKED
            left.append(_left(person, balance + apart, both))
        elif balance or person.served:  # nobody asks about an account that an undo emptied
            left.append(_left(person, balance, why))
    chosen.sort(key=lambda person: (not person.address, person.zip_code, person.number))
    if filters.most is not None:
        over = (Reason.OVER_MOST, f"More than {filters.most} in one run: make another")
        left += [_left(one, balances[one.id], over) for one in chosen[filters.most :]]
        del chosen[filters.most :]
    recipients = _recipients(work, chosen, balances, asked, since, parked)
    proof = tuple(
        sorted(left, key=lambda one: (one.name.casefold(), one.number, -one.balance.cents))
    )
    digest = _digest(as_of, least, since, only, mail_only, recipients, proof, filters)
    return StatementPlan(
        as_of,
        least,
        since,
        only,
        mail_only,
        recipients,
        proof,
        digest,
        tuple(sorted(set(held))),
        missing_on_the_letterhead(work),
        filters,
        parked,
    )


def recipient_of(work: Work, guarantor_id: int, *, as_of: date, since: date | None) -> Recipient:
    """Return one guarantor as a recipient, whatever the plan would say: for a preview."""
    person = people_of(work, as_of, [guarantor_id])[guarantor_id]
    parked = tuple(sorted(parked_patients(work)))
    balances = balances_of(work, as_of, [guarantor_id], without=parked)
    balances.setdefault(guarantor_id, ZERO)
    asked = _asked(work, as_of, ZERO, USUAL, balances, parked, mail_only=False, all_of=True)
    return _recipients(work, [person], balances, asked, since, parked)[0]


def _require(as_of: date, since: date | None, filters: RunFilters) -> None:
    if since is not None and since > as_of:
        raise Problem(
            f"The period cannot begin on {since:%m/%d/%Y} and end on {as_of:%m/%d/%Y}.",
            hint="No statement was made. Choose an earlier first day.",
        )
    numbers = (filters.age_days, filters.repeat_days or 0, filters.most or 1)
    if min(numbers) < 0 or filters.most == 0:
        raise Problem(
            "Days and the most statements of a run are counted from zero and from one.",
            hint="No statement was made. Type another number.",
        )


def _require_types(work: Work, types: Sequence[str]) -> None:
    """Refuse a billing type that no account has: the run would be empty without a word."""
    known = sorted(
        work.db.scalars(
            select(Guarantor.billing_type).where(Guarantor.billing_type != "").distinct()
        )
    )
    for one in types:
        if one and one not in known:  # blank asks for those without a type
            raise Problem(
                f"No account has the billing type “{one}”.",
                hint=f"No statement was made. The types are {', '.join(known)}."
                if known
                else "No statement was made. Accounts get a billing type on their Details.",
            )


def _asked(
    work: Work,
    as_of: date,
    least: Money,
    filters: RunFilters,
    balances: Mapping[int | None, Money],
    parked: Sequence[int],
    *,
    mail_only: bool,
    all_of: bool = False,
) -> Asked:
    """Read what the rules need to know, in a few questions for all accounts together."""
    asked_for = [
        one
        for one, balance in balances.items()
        if one is not None
        and (balance > ZERO or all_of or (balance < ZERO and filters.with_credits))
    ]
    before, covering = last_statements(work, as_of, asked_for)
    return Asked(
        as_of,
        least,
        mail_only,
        repeat_days(work) if filters.repeat_days is None else filters.repeat_days,
        filters,
        before,
        covering,
        moved_since(work, as_of, asked_for, before | covering),
        pending_of(work, as_of, asked_for),
        oldest_of(work, as_of, asked_for, without=parked) if filters.age_days else {},
        plans_of(work, as_of, asked_for),
    )


def _recipients(
    work: Work,
    chosen: Sequence[Person],
    balances: Mapping[int | None, Money],
    asked: Asked,
    since: date | None,
    parked: Sequence[int],
) -> tuple[Recipient, ...]:
    ids = [person.id for person in chosen]
    ages = ages_of(work, asked.as_of, ids, without=parked)
    kept = moved_since(work, asked.as_of, ids, asked.before, credits_only=True)
    paid, texts = just_paid(work, asked.as_of, ids), dunning_texts(work)
    out = []
    for person in chosen:
        of, last, balance = ages[person.id], asked.before.get(person.id), balances[person.id]
        plan, pending = asked.plans.get(person.id), asked.pending.get(person.id, ZERO)
        flags = {
            Flag.NO_ADDRESS: not person.address and not person.by_email,
            Flag.OVER_120: bool(of.owed[OLDEST]),
            Flag.CREDITS: bool(of.credits),
            Flag.FIRST: last is None,
            Flag.NEW_CREDIT: kept.get(person.id, 0) < 0 and bool(of.credits),
            Flag.DOUBLED: last is not None and ZERO < last.asked + last.asked <= balance,
            Flag.JUST_PAID: person.id in paid,
            Flag.ON_PLAN: plan is not None,
        }
        out.append(
            Recipient(
                GuarantorId(person.id),
                person.number,
                person.name,
                person.address,
                person.zip_code if person.address else "",
                balance,
                of,
                tuple(flag for flag, is_so in flags.items() if is_so),
                _first_day(asked.as_of, last, since),
                last,
                pending,
                _dunning(texts, of, balance, pending, plan),
                plan,
                person.send_by,
                person.email,
            )
        )
    return tuple(out)


def _dunning(
    texts: Mapping[str, str],
    ages: StatementAges,
    balance: Money,
    pending: Money,
    plan: PlanTerms | None,
) -> str:
    """Return the text by age; who keeps to a plan reads what it asks for instead."""
    if balance <= ZERO:
        return ""
    if plan is not None:
        which = f"Payment plan {', '.join(plan.numbers[:NAMED_PLANS])}"
        return f"{which}: {plan.due_now} of it is due now, {plan.total} is left of it in all."
    return dunning_text(texts, ages, pending=bool(pending))


def _first_day(as_of: date, last: LastStatement | None, since: date | None) -> date:
    start = since or (first_period(as_of) if last is None else last.as_of + timedelta(days=1))
    return min(start, as_of)


def _left(person: Person, balance: Money, why: tuple[Reason, str]) -> LeftOut:
    return LeftOut(GuarantorId(person.id), person.number, person.name, balance, *why)


def _nobodys(balance: Money) -> LeftOut:
    return LeftOut(None, "", "", balance, Reason.NO_GUARANTOR, "Entries that name nobody who pays")


def _digest(*content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()


def first_period(as_of: date) -> date:
    """Return the first day of an account's first statement: the month that it speaks of.

    A run of the first days of a month speaks of the month before (DESIGN 9: monthly, on day 1).
    """
    about = as_of - timedelta(days=EARLY_DAYS) if as_of.day <= EARLY_DAYS else as_of
    return about.replace(day=1)
