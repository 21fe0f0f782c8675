"""Finds the checks of a file among the kept remittances: the same again, or a contradiction.

A check is known by its identity (TRN03 and number), by its digest (what it says), and by payer and
number, since a clearinghouse puts its own id (TRN03) in place of the payer's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, or_, select, type_coerce

from fscdesk.models.remittance import Remittance, RemittanceOrigin, RemittanceStatus
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.remittances.identity import digest_of, without_trace
from fscdesk.services.remittances.same_money import NUMBER_AGAIN, plain_number
from fscdesk.services.work import Work

__all__ = [
    "KeptBefore",
    "SaidCheck",
    "SameNumber",
    "kept_checks",
    "number_key",
    "other_of_number",
    "same_numbers",
    "told_apart",
]

_DAY = "%m/%d/%Y"


@dataclass(frozen=True, slots=True)
class KeptBefore:
    """The remittance that a check was read as before, and who read and posted it, in words."""

    id: int
    number: str
    status: RemittanceStatus
    words: str


class SaidCheck(NamedTuple):
    """A transaction with what the same check is found by, and what it says."""

    remittance: AnsweredRemittance
    identity: str
    digest: str
    findings: tuple[Finding, ...]


class SameNumber(NamedTuple):
    """What is kept of the payer and number of a check.

    ``before`` says the very same, ``conflict`` something else, ``told`` that the number was used
    so long ago that it is another check.
    """

    before: KeptBefore | None = None
    conflict: KeptBefore | None = None
    told: tuple[Finding, ...] = ()


class _Kept(NamedTuple):
    """The amount and day of a remittance that is kept."""

    id: int
    number: str
    cents: int
    paid_on: date
    closed: bool

    def same(self, one: AnsweredRemittance) -> bool:
        """Return whether it is over the same amount, and of the same day."""
        return (self.cents, self.paid_on) == (one.amount, one.paid_on)

    def contradicts(self, one: AnsweredRemittance) -> bool:
        """Return whether it says something else of the same check, as far as one can tell.

        Answers without money have numbers that come again.
        """
        near = abs(self.paid_on - one.paid_on) <= NUMBER_AGAIN
        return near and bool(self.cents or one.amount)


def kept_checks(work: Work, said: Sequence[SaidCheck]) -> dict[str, KeptBefore]:
    """Return the remittances that are kept already: by identity, and by digest.

    One that contradicted another was kept without an identity: it is found by what it says.
    """
    ours = {(one.identity, one.digest) for one in said}
    found: dict[str, KeptBefore] = {}
    for row, kept in _rows(
        work,
        or_(
            among_words(work, Remittance.identity, [one.identity for one in said]),
            among_words(work, Remittance.digest, [one.digest for one in said]),
        ),
    ):
        if row.identity is not None:
            found[row.identity] = kept
        if row.identity is None or (row.identity, row.digest) in ours:
            found.setdefault(row.digest, kept)
    return found


def same_numbers(work: Work, matched: Sequence[AnsweredRemittance]) -> list[SameNumber]:
    """Return what is kept of payer and number of each check, though its file names the payer anew.

    The same amount and day is the same check. Another amount or day is a contradiction; a number
    that comes again years later is told.
    """
    known = _of_numbers(work, {one.payer_id or 0 for one in matched if told_apart(one)})
    near = [known.get(number_key(one), []) if told_apart(one) else [] for one in matched]
    wanted = {row.id for rows in near for row in rows}
    rows = {row.id: (row, kept) for row, kept in _rows(work, among(work, Remittance.id, wanted))}
    return [_same_number(one, each, rows) for one, each in zip(matched, near, strict=True)]


def other_of_number(work: Work, one: AnsweredRemittance) -> int | None:
    """Return the remittance with the number of one that is kept, over another amount or day."""
    if not told_apart(one):
        return None
    others = _of_numbers(work, {one.payer_id or 0}).get(number_key(one), [])
    return next(
        (
            row.id
            for row in others
            if row.id != one.remittance_id
            and not row.closed
            and not row.same(one)
            and row.contradicts(one)
        ),
        None,
    )


def told_apart(one: AnsweredRemittance) -> bool:
    """Return whether payer and number say which check it is."""
    return one.payer_id is not None and not without_trace(one.trace)


def number_key(one: AnsweredRemittance) -> tuple[int, str]:
    """Return payer and number of a check, without what two ways write differently."""
    return one.payer_id or 0, plain_number(one.trace)


def _same_number(
    one: AnsweredRemittance,
    near: Sequence[_Kept],
    rows: Mapping[int, tuple[Remittance, KeptBefore]],
) -> SameNumber:
    digest = digest_of(one)
    same = [each for each in near if each.same(one)]
    said = (rows[each.id] for each in same)
    before = next((kept for row, kept in said if row.digest == digest), None)
    others = [each for each in near if each.contradicts(one)]
    stand = [each for each in (*same, *others) if not each.closed]
    conflict = rows[stand[0].id][1] if stand else None
    long_ago = [each for each in near if each not in same and each not in others]
    told = tuple(_told(one, each) for each in long_ago if each.cents and one.amount)
    return SameNumber(before, conflict, told)


def _told(one: AnsweredRemittance, each: _Kept) -> Finding:
    return Finding(
        "remittance-number-again",
        f"This payer has used check number {one.trace} before: {each.number} over"
        f" {Money(each.cents)} of {each.paid_on:{_DAY}}. It is taken as another check.",
        f"transaction {one.position}",
        Severity.WARNING,
    )


def _of_numbers(work: Work, payer_ids: set[int]) -> dict[tuple[int, str], list[_Kept]]:
    """Return all that is kept of payers, by payer and number, oldest first."""
    found: dict[tuple[int, str], list[_Kept]] = defaultdict(list)
    if not payer_ids:
        return found
    for row in work.db.execute(
        select(
            Remittance.id,
            Remittance.number,
            Remittance.payer_id,
            Remittance.trace,
            type_coerce(Remittance.amount, BigInteger).label("cents"),
            Remittance.paid_on,
            Remittance.status,
        )
        .where(
            Remittance.origin == RemittanceOrigin.ERA,
            among(work, Remittance.payer_id, payer_ids),
        )
        .order_by(Remittance.id)
    ):
        closed = row.status is RemittanceStatus.CLOSED
        kept = _Kept(row.id, row.number, row.cents, row.paid_on, closed)
        found[row.payer_id, plain_number(row.trace)].append(kept)
    return found


def _rows(work: Work, wanted: ColumnElement[bool]) -> list[tuple[Remittance, KeptBefore]]:
    """Return remittances, oldest first, with who read or posted each and when, in words."""
    rows = work.db.execute(
        select(Remittance, Staff.name)
        .join(Staff, Staff.id == Remittance.read_by)
        .where(wanted)
        .order_by(Remittance.id)
    ).all()
    posters = {row.posted_by for row, _ in rows if row.posted_by is not None}
    people = {
        one.id: one.name
        for one in work.db.execute(
            select(Staff.id, Staff.name).where(among(work, Staff.id, posters))
        )
    }
    return [(row, _kept(work, row, reader, people)) for row, reader in rows]


def _kept(work: Work, row: Remittance, reader: str, people: Mapping[int, str]) -> KeptBefore:
    stands = row.posted_at is not None and row.status is not RemittanceStatus.UNDONE
    at = (row.posted_at if stands and row.posted_at is not None else row.read_at).astimezone(
        work.zone
    )
    who = people.get(row.posted_by or 0, reader) if stands else reader
    what = "posted" if stands else "read"
    words = f"{what} on {at:{_DAY}} at {at:%H:%M} by {who}"
    if row.status is RemittanceStatus.CLOSED:
        words += ", and set aside since"
    return KeptBefore(row.id, row.number, row.status, words)
