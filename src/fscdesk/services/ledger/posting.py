"""The only door into the ledger. Nothing else may create or change an entry.

Entries go in as drafts, get their lines, and are posted by one UPDATE, at which the
database checks every sum and moves the open balances (``models/migrations/ledger_guards``).
The sum is checked here as well, for a sentence instead of a refusal by the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select, text

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.values import Money
from fscdesk.services.bulk import CHUNK, insert_rows, reserve_ids, stored_moment
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.work import Topic, Work

SERIES = "JE"


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
    def of_charge(cls, charge: Charge, payment_id: int | None = None) -> About:
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


class Draft(NamedTuple):
    """An entry to be posted. ``on`` is the accounting day.

    ``case_id`` is the case at an agency, of an entry that moves account 1130.
    """

    on: date
    kind: EntryKind
    memo: str
    legs: tuple[Leg, ...]
    about: About = About()
    reverses: int | None = None
    case_id: int | None = None


def post(work: Work, draft: Draft, *, batch_id: int | None = None) -> int:
    """Write one balanced entry and return its id."""
    return post_all(work, [draft], batch_id=batch_id)[0]


def post_all(work: Work, drafts: Sequence[Draft], *, batch_id: int | None = None) -> list[int]:
    """Write many balanced entries in this transaction and return their ids, in order.

    Raises Problem, and posts nothing, when an entry does not balance.
    """
    if not drafts:
        return []
    work.db.flush()
    for draft in drafts:
        _require_balance(draft)
    ids = list(reserve_ids(work, "journal_entry", len(drafts)))
    numbers = _numbers(work, drafts)
    person = work.actor.staff_id
    insert_rows(
        work,
        "journal_entry",
        (
            "id",
            "number",
            "entry_date",
            "kind",
            "memo",
            "charge_id",
            "batch_id",
            "case_id",
            "reverses_id",
            "posted_by",
        ),
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
            )
            for entry_id, number, draft in zip(ids, numbers, drafts, strict=True)
        ),
    )
    _insert_lines(work, ids, drafts)
    _seal(work, ids)
    work.touch(Topic.LEDGER)
    return ids


def reverse(
    work: Work, entry_id: int, *, on: date, reason: str, batch_id: int | None = None
) -> int:
    """Undo a posted entry the way an accountant does: with an equal and opposite one."""
    return reverse_all(work, [entry_id], on=on, reason=reason, batch_id=batch_id)[0]


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
        )
        for entry_id in entry_ids
    ]


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


def _require_balance(draft: Draft) -> None:
    off = sum(leg.cents for leg in draft.legs)
    if off or len(draft.legs) < 2:  # noqa: PLR2004 - an entry has two sides
        raise Problem(f"This entry is out of balance by {Money(off)}.", hint="Nothing was posted.")


def _numbers(work: Work, drafts: Sequence[Draft]) -> list[str]:
    year = work.today().year
    taken = reserve_numbers(work, SERIES, year, len(drafts))
    return [entry_number(year, number) for number in taken]


def _insert_lines(work: Work, ids: Sequence[int], drafts: Sequence[Draft]) -> None:
    count = sum(len(draft.legs) for draft in drafts)
    line_ids = iter(reserve_ids(work, "journal_line", count))
    insert_rows(
        work,
        "journal_line",
        (
            "id",
            "entry_id",
            "day",
            "account",
            "amount",
            "part",
            "patient_id",
            "guarantor_id",
            "session_id",
            "charge_id",
            "payer_id",
            "provider_id",
            "payment_id",
            "credit_id",
        ),
        (
            (next(line_ids), entry_id, day, account, cents, part._value_, *(own or about))
            for entry_id, draft in zip(ids, drafts, strict=True)
            for about, day in ((draft.about, draft.on.isoformat()),)
            for account, cents, part, own in draft.legs
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
