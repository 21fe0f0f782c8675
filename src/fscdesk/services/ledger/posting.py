"""The only door into the ledger. Nothing else may create or change an entry.

Entries go in as drafts, get their lines, and are posted by one UPDATE, at which the
database checks every sum and moves the open balances (``models/migrations/ledger_guards``).
The sum is checked here as well, for a sentence instead of a refusal by the database.

What carries a day in a closed month lands on the first open day (``periods``), whoever posts it,
and what moves a bank's account on days that are proved lands after them (``proved_days``); the day
of a document that posts is asked there first, so that both are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select, text

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.values import Money
from fscdesk.services.bulk import CHUNK, insert_rows, reserve_ids, stored_moment
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.charge_locks import BilledCharge
from fscdesk.services.ledger.periods import OpenDays, open_days, require_takes
from fscdesk.services.ledger.proved_days import day_after, proved_to, require_not_proved
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.work import Topic, Work

SERIES = "JE"
_ENTRY = (
    *("id", "number", "entry_date", "kind", "memo"),
    *("charge_id", "batch_id", "case_id", "reverses_id", "posted_by"),
)
_BY_HAND = ("reference", "late_reason")
_LINE = (
    *("id", "entry_id", "day", "account", "amount", "part"),
    *("patient_id", "guarantor_id", "session_id", "charge_id"),
    *("payer_id", "provider_id", "payment_id", "credit_id"),
)


class About(NamedTuple):
    """Whose money a line moves, in the order of its columns."""

    patient_id: int | None = None
    guarantor_id: int | None = None
    session_id: int | None = None
    charge_id: int | None = None
    payer_id: int | None = None
    provider_id: int | None = None
    payment_id: int | None = None
    credit_id: int | None = None

    @classmethod
    def of_charge(cls, charge: Charge | BilledCharge, payment_id: int | None = None) -> About:
        """Return whose money the lines of a charge move, with the payment that moves it."""
        return cls(
            patient_id=charge.patient_id,
            guarantor_id=charge.guarantor_id,
            session_id=charge.session_id,
            charge_id=charge.id,
            payer_id=charge.payer_id,
            provider_id=charge.provider_id,
            payment_id=payment_id,
        )


class Leg(NamedTuple):
    """One side of an entry, in cents: debits are positive, credits negative.

    ``about`` says whose money it is where that differs from the entry's.
    """

    account: str
    cents: int
    part: Part
    about: About | None = None


class Mark(NamedTuple):
    """What the books say of one leg beside whose money it is: its cost centre and a note."""

    cost_centre: str | None = None
    note: str | None = None


class Draft(NamedTuple):
    """An entry to be posted. ``on`` is the accounting day.

    ``case_id`` is the case at an agency, of an entry that moves account 1130. ``marks`` are None
    or one for each leg. ``stays``: a person dated it, so it posts on that day or is refused;
    ``late_reason`` is why it belongs into a closed month.
    """

    on: date
    kind: EntryKind
    memo: str
    legs: tuple[Leg, ...]
    about: About = About()
    reverses: int | None = None
    case_id: int | None = None
    marks: tuple[Mark, ...] | None = None
    reference: str | None = None
    stays: bool = False
    late_reason: str | None = None


def post(work: Work, draft: Draft, *, batch_id: int | None = None) -> int:
    """Write one balanced entry and return its id."""
    return post_all(work, [draft], batch_id=batch_id)[0]


def post_all(work: Work, drafts: Sequence[Draft], *, batch_id: int | None = None) -> list[int]:
    """Write many balanced entries in this transaction and return their ids, in order.

    An entry of a day in a closed month is posted on the first open day, one on a bank's account
    of a day that is proved after it. Raises Problem, and posts nothing, when an entry does not
    balance, or stays on a day that takes none.
    """
    if not drafts:
        return []
    work.db.flush()
    for draft in drafts:
        _require_balance(draft)
    drafts = _on_open_days(work, drafts)
    ids = list(reserve_ids(work, "journal_entry", len(drafts)))
    _insert_entries(work, ids, drafts, batch_id)
    _insert_lines(work, ids, drafts)
    _seal(work, ids)
    work.touch(Topic.LEDGER)
    return ids


def reverse(
    work: Work, entry_id: int, *, on: date, reason: str, batch_id: int | None = None
) -> int:
    """Undo a posted entry the way an accountant does: with an equal and opposite one."""
    return reverse_all(work, [entry_id], on=on, reason=reason, batch_id=batch_id)[0]


def reverse_by_hand(
    work: Work, entry_id: int, *, on: date, reason: str, late_reason: str | None = None
) -> int:
    """Reverse an entry of the books on the day that a person chose, or not at all.

    Raises Problem where that day's month takes none, or lies before the entry.
    """
    (draft,) = _opposites(work, [entry_id], on, reason)
    if draft.on != on:
        raise Problem(
            f"The entry is of {draft.on:%m/%d/%Y}; it cannot turn back before that day.",
            hint="Nothing was posted. Choose a later day.",
        )
    return post(work, draft._replace(stays=True, late_reason=late_reason))


def reverse_all(
    work: Work,
    entry_ids: Iterable[int],
    *,
    on: date | None,
    reason: str,
    batch_id: int | None = None,
) -> list[int]:
    """Reverse many entries; each may be reversed once, whatever happens at other desks.

    A reversal is never dated before what it reverses; ``on`` None dates each by the entry
    itself, for what should never have been there. Raises Problem when one of them has
    been reversed already.
    """
    wanted = sorted(set(entry_ids))
    drafts: list[Draft] = []
    for start in range(0, len(wanted), 500):
        drafts += _opposites(work, wanted[start : start + 500], on, reason)
    return post_all(work, drafts, batch_id=batch_id)


def entry_number(year: int, number: int) -> str:
    """Spell the number of an entry: its year, at least six digits."""
    return f"{year}-{number:06d}"


def _opposites(work: Work, entry_ids: Sequence[int], on: date | None, reason: str) -> list[Draft]:
    taken = select(JournalEntry.number).where(JournalEntry.reverses_id.in_(entry_ids)).limit(1)
    already = work.db.scalar(taken)
    if already is not None:
        raise Problem(
            f"Entry {already} has reversed this already.", hint="Nothing was posted again."
        )
    entries = {
        entry.id: entry
        for entry in work.db.scalars(select(JournalEntry).where(JournalEntry.id.in_(entry_ids)))
    }
    lines: dict[int, list[JournalLine]] = {entry_id: [] for entry_id in entry_ids}
    for line in work.db.scalars(
        select(JournalLine).where(JournalLine.entry_id.in_(entry_ids)).order_by(JournalLine.id)
    ):
        lines[line.entry_id].append(line)
    return [
        Draft(
            on=max(on or date.min, entries[entry_id].entry_date),
            kind=EntryKind.REVERSAL,
            memo=reason,
            legs=tuple(
                Leg(line.account, -line.amount.cents, line.part, _about(line))
                for line in lines[entry_id]
            ),
            about=About(charge_id=entries[entry_id].charge_id),
            reverses=entry_id,
            case_id=entries[entry_id].case_id,
            marks=_marks(lines[entry_id]),
        )
        for entry_id in entry_ids
    ]


def _marks(lines: Sequence[JournalLine]) -> tuple[Mark, ...] | None:
    marks = tuple(Mark(line.cost_centre, line.note) for line in lines)
    return marks if any(mark != Mark() for mark in marks) else None


def _about(line: JournalLine) -> About:
    return About(
        patient_id=line.patient_id,
        guarantor_id=line.guarantor_id,
        session_id=line.session_id,
        charge_id=line.charge_id,
        payer_id=line.payer_id,
        provider_id=line.provider_id,
        payment_id=line.payment_id,
        credit_id=line.credit_id,
    )


def _on_open_days(work: Work, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Return the entries, each on a day that takes it."""
    days = open_days(work, to_post=True)
    first = days.first
    if first is not None:
        for draft in drafts:
            if draft.stays:
                require_takes(work, days, draft.on, _kind_meant(work, draft), draft.late_reason)
        drafts = [
            draft if draft.stays or draft.on >= first else draft._replace(on=first)
            for draft in drafts
        ]
    return _after_proved(work, days, drafts)


def _after_proved(work: Work, days: OpenDays, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Return the entries, none on a day that is proved of a bank's account that it moves."""
    proved = proved_to(work)
    newest = max(proved.values(), default=None)
    if newest is None or all(draft.on > newest for draft in drafts):
        return drafts
    free: list[Draft] = []
    for draft in drafts:
        accounts = [leg.account for leg in draft.legs]
        day = day_after(proved, accounts, draft.on)
        if day != draft.on:
            if draft.stays:
                require_not_proved(work, accounts, draft.on)
            draft = draft._replace(on=days.postable(day))  # noqa: PLW2901 - the same entry, later
        free.append(draft)
    return free


def _kind_meant(work: Work, draft: Draft) -> EntryKind:
    """Return the kind that decides whether a soft-closed month takes it: of what it reverses."""
    if draft.reverses is None:
        return draft.kind
    return work.db.get_one(JournalEntry, draft.reverses).kind


def _require_balance(draft: Draft) -> None:
    off = sum(leg.cents for leg in draft.legs)
    if off or len(draft.legs) < 2:  # noqa: PLR2004 - an entry has two sides
        raise Problem(f"This entry is out of balance by {Money(off)}.", hint="Nothing was posted.")


def _numbers(work: Work, drafts: Sequence[Draft]) -> list[str]:
    year = work.today().year
    taken = reserve_numbers(work, SERIES, year, len(drafts))
    return [entry_number(year, number) for number in taken]


def _insert_entries(
    work: Work, ids: Sequence[int], drafts: Sequence[Draft], batch_id: int | None
) -> None:
    numbers = _numbers(work, drafts)
    person = work.actor.staff_id
    whole = any(draft.reference or draft.late_reason for draft in drafts)
    insert_rows(
        work,
        "journal_entry",
        (*_ENTRY, *_BY_HAND) if whole else _ENTRY,
        (
            (
                entry_id,
                number,
                draft.on.isoformat(),
                draft.kind.value,
                draft.memo,
                draft.about.charge_id,
                batch_id,
                draft.case_id,
                draft.reverses,
                person,
                *((draft.reference, draft.late_reason) if whole else ()),
            )
            for entry_id, number, draft in zip(ids, numbers, drafts, strict=True)
        ),
    )


def _insert_lines(work: Work, ids: Sequence[int], drafts: Sequence[Draft]) -> None:
    count = sum(len(draft.legs) for draft in drafts)
    line_ids = iter(reserve_ids(work, "journal_line", count))
    if any(draft.marks for draft in drafts):
        _insert_marked_lines(work, line_ids, ids, drafts)
        return
    insert_rows(
        work,
        "journal_line",
        _LINE,
        (
            (next(line_ids), entry_id, day, account, cents, part._value_, *(own or about))
            for entry_id, draft in zip(ids, drafts, strict=True)
            for about, day in ((draft.about, draft.on.isoformat()),)
            for account, cents, part, own in draft.legs
        ),
    )


def _insert_marked_lines(
    work: Work, line_ids: Iterator[int], ids: Sequence[int], drafts: Sequence[Draft]
) -> None:
    """Insert lines with their cost centres and notes, which a bulk import does without."""
    insert_rows(
        work,
        "journal_line",
        (*_LINE, *Mark._fields),
        (
            (
                *(next(line_ids), entry_id, draft.on.isoformat(), leg.account, leg.cents),
                *(leg.part.value, *(leg.about or draft.about), *mark),
            )
            for entry_id, draft in zip(ids, drafts, strict=True)
            for leg, mark in zip(
                draft.legs, draft.marks or (Mark(),) * len(draft.legs), strict=True
            )
        ),
    )


def _seal(work: Work, ids: Sequence[int]) -> None:
    """Post: the one UPDATE at which the database looks at each entry and moves balances."""
    moment = stored_moment(work.now())
    seal = text(
        "UPDATE journal_entry SET posted_at = :at WHERE id BETWEEN :first AND :last"
        " AND posted_at IS NULL AND posted_by = :person"
    )
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        work.job.step(start, len(ids), "Posting")
        work.db.execute(
            seal,
            {
                "at": moment,
                "first": chunk[0],
                "last": chunk[-1],
                "person": work.actor.staff_id,
            },
        )
