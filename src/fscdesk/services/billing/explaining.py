"""Explain this balance: from each open charge to now, a sentence for every movement.

    found = explain(work, patient_id=7)     # the account; or one session, or one charge
    for_patient(found)                      # the same in the words for who pays
    found.total                             # what the ledger says, which all of it adds up to

Everything comes from journal lines. A charge that is settled explains nothing, so only those
with an open side are told, the newest first; then the money that is not applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalEntry, JournalLine, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.explaining_waits import Waiting, waits_of
from fscdesk.services.billing.explaining_words import Move, Said, Subject, say
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.ledger.sources import DocumentOf, EntrySource, sources_of
from fscdesk.services.work import Work

CREDIT = "Money that is not applied"


@dataclass(frozen=True, slots=True)
class Step:
    """One movement: when, what it changed, and what was open after it.

    ``sentence`` is for billers, ``plain`` for who pays. ``amount`` is the change of what both
    sides owe, ``to_client`` of what the client owes; ``running`` and ``client_running`` are what
    is open of the charge after it. ``document`` names what ``opens`` and ``id`` lead to.
    ``reverses`` is the entry it takes back.
    """

    day: date
    sentence: str
    plain: str
    amount: Money
    to_client: Money
    running: Money
    client_running: Money
    document: str
    opens: DocumentOf
    id: int
    entry_id: int
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One charge from its first day to now; ``charge_id`` None is a credit.

    ``client`` and ``payer`` are what each side still owes, negative where it is owed.
    """

    charge_id: int | None
    session_id: int | None
    day: date
    service: str
    code: str
    clinician: str
    payer_name: str
    steps: tuple[Step, ...]
    client: Money
    payer: Money
    waits: tuple[Waiting, ...] = ()

    @property
    def left(self) -> Money:
        """Return what is open of it."""
        return self.client + self.payer


@dataclass(frozen=True, slots=True)
class Explanation:
    """A balance and all that it is made of.

    ``total`` = ``client_owes`` + ``payer_owes`` = what is left of everything in ``charges``.
    ``at_agency`` has left the balance. The whole account's includes its credits, a session's
    or a charge's does not.
    """

    patient_id: int
    patient: str
    number: str
    guarantor_id: int
    as_of: date
    charges: tuple[Told, ...]
    client_owes: Money
    payer_owes: Money
    at_agency: Money
    whole: bool

    @property
    def total(self) -> Money:
        """Return what both sides owe together."""
        return self.client_owes + self.payer_owes


def explain(
    work: Work,
    *,
    patient_id: int | None = None,
    session_id: int | None = None,
    charge_id: int | None = None,
    as_of: date | None = None,
) -> Explanation:
    """Explain the balance of an account, of one session, or of one charge, as of a day.

    Raises Problem when there is no such account, session or charge.
    """
    whose, charges = _scope(work, patient_id, session_id, charge_id)
    patient = work.db.get_one(Patient, whose)
    day = as_of or work.today()
    lines = _lines(work, whose, day, charges)
    agency = sum((line.amount for line, _ in lines if line.account == AT_AGENCY), ZERO)
    lines = [(line, entry) for line, entry in lines if line.account != AT_AGENCY]
    names = _names(work, lines)
    sources = sources_of(work, {entry.id for _, entry in lines})
    groups: dict[tuple[bool, int], list[tuple[JournalLine, JournalEntry]]] = defaultdict(list)
    for line, entry in lines:
        groups[_item(line)].append((line, entry))
    told = [
        _told(key, group, names, sources, patient.guarantor_id)
        for key, group in groups.items()
        if charges is not None or _left_of(group)
    ]
    told.sort(key=lambda one: (one.charge_id is not None, one.day, one.charge_id or 0))
    told.reverse()
    waits = waits_of(work, day, [one.charge_id for one in told if one.charge_id is not None])
    found = Explanation(
        patient.id,
        patient.name,
        patient.number,
        patient.guarantor_id,
        day,
        tuple(replace(one, waits=waits.get(one.charge_id or 0, ())) for one in told),
        sum((one.client for one in told), ZERO),
        sum((one.payer for one in told), ZERO),
        agency,
        charges is None,
    )
    _require_sum(work, found, charges)
    return found


def for_patient(found: Explanation) -> Explanation:
    """Return the same in the words for who pays: what was taken back at once is left out.

    Only what the client owes or is owed is in its sums.
    """
    shown = []
    for one in found.charges:
        steps = _standing(one.steps)
        running, out = ZERO, []
        for step in steps:
            running += step.to_client
            out.append(
                replace(
                    step,
                    sentence=step.plain,
                    amount=step.to_client,
                    running=running,
                    client_running=running,
                )
            )
        if one.client and out:
            shown.append(replace(one, steps=tuple(out), payer=ZERO))
    return replace(
        found,
        charges=tuple(shown),
        client_owes=sum((one.client for one in shown), ZERO),
        payer_owes=ZERO,
    )


def _standing(steps: Sequence[Step]) -> list[Step]:
    """Leave out each movement and its reversal where one takes all of the other back."""
    by_entry: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        by_entry[step.entry_id].append(step)
    gone: set[int] = set()
    for step in steps:
        back = step.reverses
        if back is None or back in gone or back not in by_entry or step.entry_id in gone:
            continue
        both = (*by_entry[back], *by_entry[step.entry_id])
        if not sum(one.amount.cents for one in both) and not sum(
            one.to_client.cents for one in both
        ):
            gone |= {back, step.entry_id}
    return [step for step in steps if step.entry_id not in gone]


def _scope(
    work: Work, patient_id: int | None, session_id: int | None, charge_id: int | None
) -> tuple[int, list[int] | None]:
    """Return whose account is meant, and which charges alone; None for all of it."""
    if sum(one is not None for one in (patient_id, session_id, charge_id)) != 1:
        message = "one of an account, a session and a charge is explained"
        raise ValueError(message)
    if patient_id is not None:
        if work.db.get(Patient, patient_id) is None:
            raise Problem("This client is not in the books.", hint="Look at the list again.")
        return patient_id, None
    which = Charge.id == charge_id if session_id is None else Charge.session_id == session_id
    rows = work.db.execute(
        select(Charge.id, Charge.patient_id, Charge.voided_on).where(which).order_by(Charge.id)
    ).all()
    if not rows:
        raise Problem("Nothing was charged for this.", hint="There is no balance to explain.")
    live = [row.id for row in rows if row.voided_on is None]
    return rows[0].patient_id, live or [row.id for row in rows]


def _lines(
    work: Work, patient_id: int, as_of: date, charges: Sequence[int] | None
) -> list[tuple[JournalLine, JournalEntry]]:
    accounts = (PATIENT_RECEIVABLE, *INSURANCE_SIDE, AT_AGENCY)
    wanted = (
        select(JournalLine, JournalEntry)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalLine.patient_id == patient_id, JournalLine.day <= as_of)
        .order_by(JournalLine.day, JournalLine.entry_id, JournalLine.id)
    )
    if charges is None:
        wanted = wanted.where(JournalLine.account.in_((*accounts, UNAPPLIED_CREDITS)))
    else:
        wanted = wanted.where(
            JournalLine.account.in_(accounts), among(work, JournalLine.charge_id, charges)
        )
    return [(line, entry) for line, entry in work.db.execute(wanted)]


def _item(line: JournalLine) -> tuple[bool, int]:
    """Return whether a line is of a credit, and of which credit or charge."""
    if line.account == UNAPPLIED_CREDITS:
        return True, line.credit_id or -(line.charge_id or 0)
    return False, line.charge_id or 0


def _left_of(group: Iterable[tuple[JournalLine, JournalEntry]]) -> bool:
    """Return whether either side is open: sides that cancel each other still explain."""
    sides: dict[bool, int] = defaultdict(int)
    for line, _ in group:
        sides[line.account in INSURANCE_SIDE] += line.amount.cents
    return any(sides.values())


def _told(
    key: tuple[bool, int],
    group: Sequence[tuple[JournalLine, JournalEntry]],
    names: Mapping[int, Subject],
    sources: Mapping[int, EntrySource],
    guarantor_id: int,
) -> Told:
    is_credit, ident = key
    subject = names.get(ident if not is_credit else 0) or Subject(
        None, group[0][0].day, CREDIT if is_credit else "Balance brought forward", "", "", "", ""
    )
    moves: dict[tuple[int, Part], list[tuple[JournalLine, JournalEntry]]] = defaultdict(list)
    for line, entry in group:
        moves[entry.id, line.part].append((line, entry))
    client = payer = 0
    steps = []
    for (entry_id, part), some in moves.items():
        to_payer = sum(line.amount.cents for line, _ in some if line.account in INSURANCE_SIDE)
        to_client = sum(line.amount.cents for line, _ in some) - to_payer
        client, payer = client + to_client, payer + to_payer
        line, entry = some[0]
        source = sources[entry_id]
        move = Move(
            part, to_client, to_payer, payer, entry.memo, source, is_credit, guarantor_id,
            names.get(entry.charge_id or 0),
        )  # fmt: skip
        said: Said = say(move, subject)
        steps.append(
            Step(
                line.day,
                said.biller,
                said.plain,
                Money(to_client + to_payer),
                Money(to_client),
                Money(client + payer),
                Money(client),
                source.number,
                source.opens,
                source.id,
                entry_id,
                entry.reverses_id,
            )
        )
    return Told(
        None if is_credit or not ident else ident,
        None if is_credit else subject.session_id,
        subject.day,
        subject.service,
        subject.code,
        subject.clinician,
        subject.payer,
        tuple(steps),
        Money(client),
        Money(payer),
    )


def _names(work: Work, lines: Sequence[tuple[JournalLine, JournalEntry]]) -> dict[int, Subject]:
    ids = {line.charge_id for line, _ in lines if line.charge_id is not None}
    ids |= {entry.charge_id for _, entry in lines if entry.charge_id is not None}
    rows = work.db.execute(
        select(
            Charge.id,
            Charge.session_id,
            Charge.service_day,
            Service.name,
            Charge.code,
            Provider.name.label("clinician"),
            Payer.short_name,
            Guarantor.name.label("guarantor"),
        )
        .join(Service, Service.id == Charge.service_id)
        .join(Guarantor, Guarantor.id == Charge.guarantor_id)
        .outerjoin(Provider, Provider.id == Charge.provider_id)
        .outerjoin(Payer, Payer.id == Charge.payer_id)
        .where(among(work, Charge.id, ids))
    )
    return {
        row.id: Subject(
            row.session_id,
            row.service_day,
            row.name,
            row.code,
            row.clinician or "",
            row.short_name or "",
            row.guarantor,
        )
        for row in rows
    }


def _require_sum(work: Work, found: Explanation, charges: Sequence[int] | None) -> None:
    """Hold the sentences to the ledger: what they add up to is what it says."""
    accounts = (PATIENT_RECEIVABLE, *INSURANCE_SIDE)
    total = select(func.sum(JournalLine.amount)).where(
        JournalLine.patient_id == found.patient_id, JournalLine.day <= found.as_of
    )
    if charges is None:
        total = total.where(JournalLine.account.in_((*accounts, UNAPPLIED_CREDITS)))
    else:
        total = total.where(
            JournalLine.account.in_(accounts), among(work, JournalLine.charge_id, charges)
        )
    ledger = work.db.scalar(total) or ZERO
    steps = sum(step.amount.cents for one in found.charges for step in one.steps)
    if not found.total == ledger == Money(steps):
        raise AssertionError(f"explained {found.total}, steps {Money(steps)}, ledger {ledger}")
