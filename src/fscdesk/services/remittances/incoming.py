"""Reads an 835 that came in: what it says and would do, then keeps it and posts what may post.

    plan = plan_era(work, path.name, path.read_bytes())    # what it says, what posting would do
    done = apply_era(work, path.name, path.read_bytes())   # kept, and posted as far as it may be

The same check again, in whatever file, changes nothing and says who read it and when. The same
trace with other words is kept beside the first, stopped, for a person to see both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, or_, select, type_coerce

from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.remittance import (
    Automation,
    Remittance,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.staff import Staff
from fscdesk.services.collector import collector_resting
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.answered import AnsweredRemittance, Decided
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.foreseeing import Foreseen
from fscdesk.services.remittances.from_835 import answered_of
from fscdesk.services.remittances.identity import digest_of, identity_of, without_trace
from fscdesk.services.remittances.keeping import NewFile, keep, why_stopped
from fscdesk.services.remittances.matching import match
from fscdesk.services.remittances.payees import paid_to_another
from fscdesk.services.remittances.posting import PostedRemittance, post_remittance
from fscdesk.services.remittances.posting_order import posting_order
from fscdesk.services.remittances.same_money import entered_before, plain_number
from fscdesk.services.work import Work
from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import Reading835

__all__ = ["EraDone", "EraPlan", "EraTransaction", "KeptBefore", "apply_era", "plan_era"]

_DOING: Final = "read remittances"
_LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptBefore:
    """The remittance that a check was read as before, and who read and posted it, in words."""

    id: int
    number: str
    status: RemittanceStatus
    words: str


@dataclass(frozen=True, slots=True)
class EraTransaction:
    """One check of the file: what it says, and what posting it would do.

    ``before`` is the remittance that has it already; then nothing is to do. ``conflict`` is the
    one with the same trace that says something else. ``stop`` says why nothing of it posts
    before a person has looked. ``decided`` is None where nothing is to do, and after applying.
    ``payer`` is the name in the books, else the one in the file.
    """

    remittance: AnsweredRemittance
    decided: Decided | None
    payer: str
    automation: Automation
    before: KeptBefore | None = None
    conflict: KeptBefore | None = None
    stop: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def matched(self) -> int:
        """Return how many of its claims have found their lines."""
        return sum(
            1
            for claim in self.remittance.claims
            if claim.lines and all(line.charge_id is not None for line in claim.lines)
        )


@dataclass(frozen=True, slots=True)
class EraPlan:
    """What an 835 holds, and what reading it would do. Writes nothing."""

    name: str
    sha256: str
    data: bytes
    transactions: tuple[EraTransaction, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class EraDone:
    """What became of each transaction of a plan, in its order.

    ``kept`` are the ids of the remittances, of those that were there before as well; ``posted``
    says what posting did, None where nothing was posted.
    """

    plan: EraPlan
    kept: tuple[int, ...]
    numbers: tuple[str, ...]
    posted: tuple[PostedRemittance | None, ...]


def plan_era(work: Work, name: str, data: bytes) -> EraPlan:
    """Return what a file says, whose claims it is about, and what posting it would do.

    Damage is told as findings; one bad transaction does not spoil the others. Raises Problem,
    saying what the file is, where it holds no remittance at all.
    """
    with collector_resting():
        return _plan(work, name, data, deciding=True)


def apply_era(work: Work, name: str, data: bytes, *, clicked: bool = False) -> EraDone:
    """Keep what a file says, and post what may post without another look.

    ``clicked``: a person has asked for it here, which posts what the payer's automation leaves to
    one click; what is for review, stopped or in conflict is kept for its screen. Two desks that
    read one file read it one after the other, and once. Raises Problem as ``plan_era`` does.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    with collector_resting():
        return _apply(work, name, data, clicked=clicked)


def _apply(work: Work, name: str, data: bytes, *, clicked: bool) -> EraDone:
    plan = _plan(work, name, data, deciding=False)
    new = [one for one in plan.transactions if one.before is None]
    ids = iter(_keep(work, plan, new) if new else ())
    kept = [one.before.id if one.before is not None else next(ids) for one in plan.transactions]
    done = {
        at: post_remittance(work, kept[at])
        for at in posting_order(work, [one.remittance for one in plan.transactions])
        if _goes(work, plan.transactions[at], clicked=clicked)
    }
    posted = tuple(done.get(at) for at in range(len(kept)))
    numbers = {
        row.id: row.number
        for row in work.db.execute(
            select(Remittance.id, Remittance.number).where(among(work, Remittance.id, kept))
        )
    }
    return EraDone(plan, tuple(kept), tuple(numbers[one] for one in kept), posted)


def _plan(work: Work, name: str, data: bytes, *, deciding: bool) -> EraPlan:
    require(work, Right.POST_PAYMENT, _DOING)
    if len(data) > _LARGEST:
        raise Problem(f"{name} is too large for a remittance.", hint="Nothing was read.")
    reading = read_835(data)
    if not reading.remittances:
        why = next((one.message for one in reading.oddities), "It holds no remittance.")
        raise Problem(
            f"{name} is no remittance (835). {why}", hint="Nothing of this file was read."
        )
    today = work.today()
    said = [
        answered_of(one, read_on=today, position=at)
        for at, one in enumerate(reading.remittances, start=1)
    ]
    return EraPlan(
        name,
        hashlib.sha256(data).hexdigest(),
        data,
        _transactions(work, said, reading, deciding=deciding),
        tuple(
            _finding(one.code, one.message, f"segment {one.position}") for one in reading.oddities
        ),
    )


def _goes(work: Work, one: EraTransaction, *, clicked: bool) -> bool:
    """Return whether a check posts by itself; what was entered by hand waits for its screen."""
    if one.before is not None or one.conflict is not None or one.stop:
        return False
    if one.remittance.payer_id is None:
        return False
    allowed = {Automation.AUTOMATIC, Automation.ONE_CLICK} if clicked else {Automation.AUTOMATIC}
    if one.automation not in allowed or paid_to_another(work, one.remittance):
        return False
    return not entered_before(work, one.remittance)


def _keep(work: Work, plan: EraPlan, new: Sequence[EraTransaction]) -> tuple[int, ...]:
    told = tuple(one.message for one in plan.findings)
    told += tuple(finding.message for one in new for finding in one.findings)
    conflicts = {at: one.conflict.id for at, one in enumerate(new) if one.conflict is not None}
    return keep(
        work,
        NewFile(plan.name, plan.data, told),
        [one.remittance for one in new],
        conflicts=conflicts,
    )


class _Said(NamedTuple):
    """A transaction with what the same check is found by, and what it says."""

    remittance: AnsweredRemittance
    identity: str
    digest: str
    findings: tuple[Finding, ...]


def _transactions(
    work: Work, said: Sequence[AnsweredRemittance], reading: Reading835, *, deciding: bool
) -> tuple[EraTransaction, ...]:
    """Return what becomes of each check; one that stands twice, word for word, is one."""
    found: dict[tuple[str, str], _Said] = {}
    for one, read in zip(said, reading.remittances, strict=True):
        key = identity_of(one), digest_of(one)
        told = tuple(
            _finding(odd.code, odd.message, f"transaction {one.position}") for odd in read.oddities
        )
        found.setdefault(key, _Said(one, *key, told))
    known = _known(work, list(found.values()))
    matched = match(work, [one.remittance for one in found.values()])
    names, automation = _payers(work, {one.payer_id for one in matched})
    copies = _copies(work, matched)
    identities: set[str] = set()
    checks: set[tuple[object, ...]] = set()
    made: list[EraTransaction] = []
    for kept, remittance in zip(found.values(), matched, strict=True):
        before, conflict = known.get(kept.digest), known.get(kept.identity)
        if before is None and conflict is None:
            before, conflict = copies.get(kept.digest), copies.get(_check(remittance))
        if conflict is not None and conflict.status is RemittanceStatus.CLOSED:
            conflict = None  # it was set aside; this one comes in its place
        stop = why_stopped(remittance)
        if kept.identity in identities or _check(remittance) in checks:
            stop = "The file has this check number twice, and says something else each time."
        identities.add(kept.identity)
        checks |= {_check(remittance)} if _told_apart(remittance) else set()
        made.append(
            EraTransaction(
                remittance=remittance,
                decided=None,
                payer=names.get(remittance.payer_id or 0, remittance.payer_name),
                automation=automation.get(remittance.payer_id or 0, Automation.REVIEW),
                before=before,
                conflict=None if before is not None else conflict,
                stop=stop,
                findings=kept.findings,
            )
        )
    return _decided(work, made) if deciding else tuple(made)


def _decided(work: Work, made: Sequence[EraTransaction]) -> tuple[EraTransaction, ...]:
    """Decide each check as posting will: in its order, with what those before it have done."""
    found = list(made)
    several = sum(one.before is None for one in made) > 1
    foreseen = Foreseen(work) if several else None
    for at in (
        posting_order(work, [one.remittance for one in made]) if several else range(len(made))
    ):
        if made[at].before is not None:
            continue
        decided = decide(work, made[at].remittance, foreseen=foreseen)
        found[at] = replace(made[at], decided=decided)
        if foreseen is not None and _goes(work, made[at], clicked=True):
            foreseen.note(decided)
    return tuple(found)


def _known(work: Work, said: Sequence[_Said]) -> dict[str, KeptBefore]:
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


def _copies(
    work: Work, matched: Sequence[AnsweredRemittance]
) -> dict[str | tuple[object, ...], KeptBefore]:
    """Return the remittances that are kept already, though a file names their payer otherwise.

    A clearinghouse puts its own id (TRN03) in place of the payer's: what has the same payer of
    ours, number, amount and day is the same check. It is found by that, and by its digest where
    it says the same of every claim.
    """
    checks = {_check(one): digest_of(one) for one in matched if _told_apart(one)}
    days = [one.paid_on for one in matched]
    near = work.db.execute(
        select(
            Remittance.id,
            Remittance.payer_id,
            Remittance.trace,
            type_coerce(Remittance.amount, BigInteger).label("cents"),
            Remittance.paid_on,
        ).where(
            Remittance.origin == RemittanceOrigin.ERA,
            among(work, Remittance.payer_id, {one.payer_id or 0 for one in matched}),
            Remittance.paid_on.between(min(days), max(days)),
        )
    )
    keys: dict[int, tuple[object, ...]] = {
        row.id: (row.payer_id, plain_number(row.trace), row.cents, row.paid_on) for row in near
    }
    same = [row_id for row_id, key in keys.items() if key in checks]
    found: dict[str | tuple[object, ...], KeptBefore] = {}
    for row, kept in _rows(work, among(work, Remittance.id, same)) if same else ():
        key = keys[row.id]
        if row.status is not RemittanceStatus.CLOSED:
            found.setdefault(key, kept)
        if row.digest == checks[key]:
            found.setdefault(row.digest, kept)
    return found


def _check(one: AnsweredRemittance) -> tuple[object, ...]:
    return one.payer_id, plain_number(one.trace), one.amount, one.paid_on


def _told_apart(one: AnsweredRemittance) -> bool:
    """Return whether payer and number say which check it is."""
    return one.payer_id is not None and not without_trace(one.trace)


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
    words = f"{what} on {at:%m/%d/%Y} at {at:%H:%M} by {who}"
    if row.status is RemittanceStatus.CLOSED:
        words += ", and set aside since"
    return KeptBefore(row.id, row.number, row.status, words)


def _payers(
    work: Work, payer_ids: Iterable[int | None]
) -> tuple[dict[int, str], dict[int, Automation]]:
    wanted = [one for one in payer_ids if one is not None]
    rows = work.db.execute(
        select(Payer.id, Payer.name, Payer.automation).where(among(work, Payer.id, wanted))
    ).all()
    return {row.id: row.name for row in rows}, {row.id: row.automation for row in rows}


def _finding(code: str, message: str, where: str) -> Finding:
    return Finding(code, message, where, Severity.WARNING)
