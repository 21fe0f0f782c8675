"""Plans a statement run: who gets one, who does not and why. The proof list. Writes nothing."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select

from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import ZERO, GuarantorId, Money
from fscdesk.services.billing.letterhead import missing_on_the_letterhead
from fscdesk.services.billing.policies import repeat_days, statement_minimum
from fscdesk.services.billing.positions import PATIENT_SIDE, ages_of, balances_of, in_chunks
from fscdesk.services.errors import Finding, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.statement import StatementAges
from fscdesk.services.work import Work

OLDEST: Final = 4
"""The bucket of what is older than 120 days."""


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


class Flag(enum.StrEnum):
    """What a person may want to look at before the statement goes out."""

    NO_ADDRESS = "no_address"
    OVER_120 = "over_120"
    CREDITS = "credits"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class LastStatement:
    """The newest statement of a guarantor before this one.

    ``through_entry`` is the last journal entry that its run saw.
    """

    number: str
    as_of: date
    through_entry: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """One guarantor who gets a statement. ``period_from`` is its first day.

    ``address`` has the lines under the name; it is empty where none is known.
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
    ``since``, ``only``, ``mail_only`` and ``held`` are what was asked for; ``digest`` names the
    content. ``findings`` tell what to mend before anything is printed; they hinder nothing.
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

    @property
    def total(self) -> Money:
        """Return what the statements ask for together."""
        return Money(sum(recipient.balance.cents for recipient in self.recipients))

    @property
    def total_left_out(self) -> Money:
        """Return what those without a statement owe together; credits are negative."""
        return Money(sum(left.balance.cents for left in self.left_out))


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    number: str
    name: str
    address: tuple[str, ...]
    zip_code: str
    bad_address: bool
    do_not_bill: bool
    served: bool


def plan_statements(
    work: Work,
    *,
    as_of: date,
    minimum: Money | None = None,
    since: date | None = None,
    guarantor_ids: Collection[int] | None = None,
    mail_only: bool = False,
    held: Collection[int] = (),
) -> StatementPlan:
    """Return who would get a statement as of the day, and who not and why.

    ``minimum`` None takes the practice's setting. ``since`` is the first day of the period;
    None begins each after its last statement, a first one with the month of ``as_of``.
    ``guarantor_ids`` looks at these accounts alone. ``mail_only`` leaves out those without
    an address, who otherwise come last, to be handed their statement. ``held`` are guarantors
    whom a person keeps back this time.
    """
    require(work, Right.MAKE_STATEMENTS, "make statements")
    if since is not None and since > as_of:
        raise Problem(
            f"The period cannot begin on {since:%m/%d/%Y} and end on {as_of:%m/%d/%Y}.",
            hint="No statement was made. Choose an earlier first day.",
        )
    least = statement_minimum(work) if minimum is None else minimum
    only = None if guarantor_ids is None else tuple(sorted(set(guarantor_ids)))
    balances = balances_of(work, as_of, only)
    known = [guarantor for guarantor in balances if guarantor is not None]
    people = _people(work, known)
    owing = [guarantor for guarantor in known if balances[guarantor].cents > 0]
    before, covering = last_statements(work, as_of, owing)
    moved = _moved_since(work, as_of, owing, before | covering)
    remind = repeat_days(work)
    left: list[LeftOut] = []
    chosen: list[_Person] = []
    for guarantor, balance in balances.items():
        if guarantor is None:
            if balance:
                left.append(_nobodys(balance))
            continue
        person = people[guarantor]
        why = _why_not(person, balance, least, mail_only=mail_only) or _why_not_now(
            as_of,
            before.get(guarantor),
            covering.get(guarantor),
            moved=guarantor in moved,
            remind=remind,
        )
        if why is None and guarantor in held:
            why = Reason.HELD, "Held back"
        if why is None:
            chosen.append(person)
        elif balance or person.served:  # nobody asks about an account that an undo emptied
            left.append(LeftOut(GuarantorId(guarantor), person.number, person.name, balance, *why))
    ages = ages_of(work, as_of, [person.id for person in chosen])
    chosen.sort(key=lambda person: (not person.address, person.zip_code, person.number))
    recipients = tuple(
        _recipient(
            person, balances[person.id], ages[person.id], before.get(person.id), as_of, since
        )
        for person in chosen
    )
    proof = tuple(sorted(left, key=lambda one: (one.name.casefold(), one.number)))
    digest = _digest(as_of, least, since, only, mail_only, recipients, proof)
    kept_back = tuple(sorted(set(held)))
    return StatementPlan(
        as_of,
        least,
        since,
        only,
        mail_only,
        recipients,
        proof,
        digest,
        kept_back,
        missing_on_the_letterhead(work),
    )


def last_statements(
    work: Work, as_of: date, guarantor_ids: Sequence[int]
) -> tuple[dict[int, LastStatement], dict[int, LastStatement]]:
    """Return each guarantor's newest statement before the day, and the newest on or after it."""
    before: dict[int, LastStatement] = {}
    covering: dict[int, LastStatement] = {}
    for chunk in in_chunks(guarantor_ids):
        rows = work.db.execute(
            select(
                Statement.guarantor_id,
                Statement.number,
                StatementRun.as_of,
                StatementRun.through_entry,
            )
            .join(StatementRun, StatementRun.id == Statement.run_id)
            .where(among(work, Statement.guarantor_id, chunk))
            .order_by(StatementRun.as_of, StatementRun.id)
        )
        for guarantor, number, day, through in rows:
            found = before if day < as_of else covering
            found[guarantor] = LastStatement(number, day, through)
    return before, covering


def recipient_of(work: Work, guarantor_id: int, *, as_of: date, since: date | None) -> Recipient:
    """Return one guarantor as a recipient, whatever the plan would say: for a preview."""
    person = _people(work, [guarantor_id])[guarantor_id]
    balance = balances_of(work, as_of, [guarantor_id]).get(guarantor_id, ZERO)
    before, _ = last_statements(work, as_of, [guarantor_id])
    ages = ages_of(work, as_of, [guarantor_id])[guarantor_id]
    return _recipient(person, balance, ages, before.get(guarantor_id), as_of, since)


def _people(work: Work, guarantor_ids: Sequence[int]) -> dict[int, _Person]:
    found: dict[int, _Person] = {}
    for chunk in in_chunks(guarantor_ids):
        served = set(
            work.db.scalars(
                select(Patient.guarantor_id).where(
                    among(work, Patient.guarantor_id, chunk), Patient.withdrawn.is_(False)
                )
            )
        )
        for row in work.db.scalars(select(Guarantor).where(among(work, Guarantor.id, chunk))):
            found[row.id] = _Person(
                row.id,
                row.number,
                row.name,
                _address(row),
                row.zip_code.strip(),
                row.bad_address,
                row.do_not_bill,
                row.id in served,
            )
    return found


def _address(row: Guarantor) -> tuple[str, ...]:
    """Return the lines under the name; none unless a street and a place are known."""
    state = " ".join(part for part in (row.state.strip(), row.zip_code.strip()) if part)
    place = ", ".join(part for part in (row.city.strip(), state) if part)
    street = [line for line in (row.address1.strip(), row.address2.strip()) if line]
    return (*street, place) if street and place else ()


def _recipient(
    person: _Person,
    balance: Money,
    ages: StatementAges,
    last: LastStatement | None,
    as_of: date,
    since: date | None,
) -> Recipient:
    flags = {
        Flag.NO_ADDRESS: not person.address,
        Flag.OVER_120: bool(ages.owed[OLDEST]),
        Flag.CREDITS: bool(ages.credits),
        Flag.FIRST: last is None,
    }
    start = since or (as_of.replace(day=1) if last is None else last.as_of + timedelta(days=1))
    return Recipient(
        GuarantorId(person.id),
        person.number,
        person.name,
        person.address,
        person.zip_code if person.address else "",
        balance,
        ages,
        tuple(flag for flag, is_so in flags.items() if is_so),
        min(start, as_of),
        last,
    )


def _why_not(
    person: _Person, balance: Money, least: Money, *, mail_only: bool
) -> tuple[Reason, str] | None:
    if not balance:
        return Reason.ZERO, "Owes nothing"
    if balance.cents < 0:
        return Reason.CREDIT, f"Has a credit of {-balance}"
    if person.do_not_bill:
        return Reason.DO_NOT_BILL, "Marked not to be billed"
    if balance < least:
        return Reason.BELOW_MINIMUM, f"Owes less than the minimum of {least}"
    if person.bad_address:
        return Reason.BAD_ADDRESS, "Mail to this address came back"
    if mail_only and not person.address:
        return Reason.NO_ADDRESS, "No address"
    return None


def _why_not_now(
    as_of: date,
    before: LastStatement | None,
    covering: LastStatement | None,
    *,
    moved: bool,
    remind: int,
) -> tuple[Reason, str] | None:
    if moved:
        return None
    if covering is not None:
        return Reason.STATED, f"Has statement {covering.number} as of {covering.as_of:%m/%d/%Y}"
    if before is not None and (as_of - before.as_of).days < remind:
        return (
            Reason.NOTHING_NEW,
            f"Nothing new since statement {before.number} as of {before.as_of:%m/%d/%Y}",
        )
    return None


def _nobodys(balance: Money) -> LeftOut:
    return LeftOut(None, "", "", balance, Reason.NO_GUARANTOR, "Entries that name nobody who pays")


def _moved_since(
    work: Work, as_of: date, guarantor_ids: Sequence[int], last: Mapping[int, LastStatement]
) -> set[int]:
    """Return whose balance moved after the last statement, or was posted for an earlier day."""
    by_run: dict[tuple[date, int], list[int]] = {}
    for guarantor in guarantor_ids:
        if guarantor in last:
            of = last[guarantor]
            by_run.setdefault((of.as_of, of.through_entry), []).append(guarantor)
    moved: set[int] = set()
    for (day, through), ids in by_run.items():
        for chunk in in_chunks(ids):
            moved.update(
                guarantor
                for guarantor in work.db.scalars(
                    select(JournalLine.guarantor_id)
                    .where(
                        among(work, JournalLine.guarantor_id, chunk),
                        JournalLine.account.in_(PATIENT_SIDE),
                        JournalLine.day <= as_of,
                        or_(JournalLine.day > day, JournalLine.entry_id > through),
                    )
                    .distinct()
                )
                if guarantor is not None
            )
    return moved


def _digest(*content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()
