"""The words of a statement run: who gets one, who does not and why, and how it was asked."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from fscdesk.models.patient import SendBy
from fscdesk.models.values import ZERO, GuarantorId, Money
from fscdesk.services.errors import Finding
from fscdesk.services.printing.statement import StatementAges


class Reason(enum.StrEnum):
    """Why a guarantor gets no statement."""

    ZERO = "zero"
    CREDIT = "credit"
    BELOW_MINIMUM = "below_minimum"
    DO_NOT_BILL = "do_not_bill"
    BAD_ADDRESS = "bad_address"
    NO_ADDRESS = "no_address"
    STATED = "stated"
    NOTHING_NEW = "nothing_new"
    NO_GUARANTOR = "no_guarantor"
    HELD = "held"
    DECEASED = "deceased"
    PARKED = "parked"
    TOO_YOUNG = "too_young"
    PENDING = "pending"
    ON_PLAN = "on_plan"
    NOT_DUE = "not_due"
    IN_COLLECTIONS = "in_collections"
    OTHER_TYPE = "other_type"
    OVER_MOST = "over_most"


class Flag(enum.StrEnum):
    """What a person may want to look at before the statement goes out."""

    NO_ADDRESS = "no_address"
    OVER_120 = "over_120"
    CREDITS = "credits"
    FIRST = "first"
    NEW_CREDIT = "new_credit"
    DOUBLED = "doubled"
    JUST_PAID = "just_paid"
    ON_PLAN = "on_plan"


PROOF = frozenset({Flag.NO_ADDRESS, Flag.NEW_CREDIT, Flag.DOUBLED, Flag.JUST_PAID, Flag.ON_PLAN})
"""Flags for which a page is proofed before it goes out."""


@dataclass(frozen=True, slots=True)
class RunFilters:
    """How the accounts of a run are chosen; as it stands here, only the rules choose.

    ``age_days`` asks for a charge that has been open so long. ``repeat_days`` is after how
    many days since its last statement an account on which nothing happened is reminded, None
    for the practice's setting; ``changed_only`` reminds nobody. ``billing_types`` are the only
    types to bill, none for all. ``with_credits`` sends one to accounts with a credit too, and
    ``bad_addresses`` to those whose mail came back. ``most`` is how many the run may have.
    """

    age_days: int = 0
    repeat_days: int | None = None
    changed_only: bool = False
    leave_pending: bool = False
    leave_on_plan: bool = False
    leave_in_collections: bool = False
    billing_types: tuple[str, ...] = ()
    with_credits: bool = False
    bad_addresses: bool = False
    most: int | None = None

    def document(self) -> dict[str, Any]:
        """Return what differs from the usual, as the run keeps it."""
        usual = asdict(RunFilters())
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != usual[name]
        }


def filters_from(document: Mapping[str, Any]) -> RunFilters:
    """Return the filters that a run was made with."""
    types = tuple(document.get("billing_types", ()))
    return RunFilters(**{**document, "billing_types": types})


@dataclass(frozen=True, slots=True)
class LastStatement:
    """The newest statement of a guarantor before this one that counts as sent.

    ``through_entry`` is the last journal entry that its run saw; ``asked`` what it asked for.
    """

    number: str
    as_of: date
    through_entry: int
    asked: Money = ZERO


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What the payment plans of a guarantor ask for on the day, and what is left of them."""

    due_now: Money
    total: Money
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One guarantor who gets a statement. ``period_from`` is its first day.

    ``address`` has the lines under the name; it is empty where none is known. ``pending`` is
    what payers still owe for the sessions, ``dunning`` the text that follows from the ages,
    both as of the day. ``plan`` is known where a payment plan asks for part of the balance.
    """

    guarantor_id: GuarantorId
    number: str
    name: str
    address: tuple[str, ...]
    zip_code: str
    balance: Money
    ages: StatementAges
    flags: tuple[Flag, ...]
    period_from: date
    last: LastStatement | None
    pending: Money = ZERO
    dunning: str = ""
    plan: PlanTerms | None = None
    send_by: SendBy = SendBy.MAIL
    email: str = ""

    @property
    def due_now(self) -> Money:
        """What is asked for: the balance, less what a plan lets wait."""
        return self.balance if self.plan is None else due_of(self.balance, self.plan)

    @property
    def to_proof(self) -> bool:
        """Whether a person should look at the page."""
        return bool(PROOF.intersection(self.flags))


def due_of(balance: Money, plan: PlanTerms) -> Money:
    """Return what is due of a balance of which a plan lets a part wait."""
    outside = max(balance.cents - plan.total.cents, 0)
    return Money(min(balance.cents, plan.due_now.cents + outside))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One guarantor who gets none, with the reason as a code and as a sentence."""

    guarantor_id: GuarantorId | None
    number: str
    name: str
    balance: Money
    reason_code: Reason
    reason: str


@dataclass(frozen=True, slots=True)
class StatementPlan:
    """Who gets a statement as of a day, in the order of the envelopes, and who does not.

    Recipients and those left out together owe what accounts 1100 and 2400 hold on that day.
    ``since``, ``only``, ``mail_only``, ``held`` and ``filters`` are what was asked for;
    ``digest`` names the content. ``parked`` are the patients whose balance is on no statement.
    ``findings`` tell what to mend before anything is printed; they hinder nothing.
    """

    as_of: date
    minimum: Money
    since: date | None
    only: tuple[int, ...] | None
    mail_only: bool
    recipients: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...]
    digest: str
    held: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    filters: RunFilters = RunFilters()
    parked: tuple[int, ...] = ()

    @property
    def total(self) -> Money:
        """Return what those who get one owe together; a plan may ask for less."""
        return Money(sum(recipient.balance.cents for recipient in self.recipients))

    @property
    def total_left_out(self) -> Money:
        """Return what those without a statement owe together; credits are negative."""
        return Money(sum(left.balance.cents for left in self.left_out))

    @property
    def to_proof(self) -> tuple[Recipient, ...]:
        """Return the recipients whose page a person should look at."""
        return tuple(one for one in self.recipients if one.to_proof)
