"""Reads an 835 that came in: what it says and would do, then keeps it and posts what may post.

    plan = plan_era(work, path.name, path.read_bytes())    # what it says, what posting would do
    done = apply_era(work, path.name, path.read_bytes())   # kept, and posted as far as it may be

The same check again, in whatever file, changes nothing and says who read it and when. The same
trace with other words is kept beside the first, stopped, for a person to see both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.remittance import Automation, Remittance, RemittanceStatus
from fscdesk.services.collector import collector_resting
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.answered import AnsweredRemittance, Decided
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.foreseeing import Foreseen
from fscdesk.services.remittances.from_835 import answered_of
from fscdesk.services.remittances.identity import digest_of, identity_of
from fscdesk.services.remittances.keeping import NewFile, keep, why_stopped
from fscdesk.services.remittances.known_checks import (
    KeptBefore,
    SaidCheck,
    kept_checks,
    number_key,
    same_numbers,
    told_apart,
)
from fscdesk.services.remittances.matching import match
from fscdesk.services.remittances.payees import paid_to_another
from fscdesk.services.remittances.posting import PostedRemittance, post_as_read
from fscdesk.services.remittances.posting_order import posting_order
from fscdesk.services.remittances.said_again import only_known
from fscdesk.services.remittances.same_money import entered_before
from fscdesk.services.work import Work
from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import Reading835

__all__ = ["EraDone", "EraPlan", "EraTransaction", "KeptBefore", "apply_era", "plan_era"]

_DOING: Final = "read remittances"
_LARGEST: Final = 64 * 1024 * 1024
_TWICE: Final = "The file has this check number twice, and says something else each time."


@dataclass(frozen=True, slots=True)
class EraTransaction:
    """One check of the file: what it says, and what posting it would do.

    ``before`` is the remittance that has it already; then nothing is to do. ``conflict`` is the
    one with the same trace that says something else. ``stop`` says why nothing of it posts
    before a person has looked. ``decided`` is None where nothing is to do, and after applying.
    ``payer`` is the name in the books, else the one in the file. ``twin`` is the place of the
    check of this file that has its number, and says something else. ``goes`` says of a plan that
    reading it posts it, by one click where the payer's automation wants that.
    """

    remittance: AnsweredRemittance
    decided: Decided | None
    payer: str
    automation: Automation
    before: KeptBefore | None = None
    conflict: KeptBefore | None = None
    stop: str = ""
    findings: tuple[Finding, ...] = ()
    twin: int | None = None
    goes: bool = False

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
    kept = _keep(work, plan)
    done = {
        at: post_as_read(work, kept[at])
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


def _keep(work: Work, plan: EraPlan) -> list[int]:
    """Keep what is new of a file; return the remittance of each check, of old ones as well.

    What contradicts another check of the file is kept behind it, and beside it.
    """
    new = [at for at, one in enumerate(plan.transactions) if one.before is None]
    told = tuple(one.message for one in plan.findings)
    told += tuple(each.message for at in new for each in plan.transactions[at].findings)
    ids = {at: one.before.id for at, one in enumerate(plan.transactions) if one.before is not None}
    twins = [at for at in new if plan.transactions[at].twin is not None]
    for places in ([at for at in new if at not in twins], *([at] for at in twins)):
        conflicts = {}
        for position, at in enumerate(places):
            one = plan.transactions[at]
            if one.conflict is not None:
                conflicts[position] = one.conflict.id
            elif one.twin is not None:
                conflicts[position] = ids[one.twin]
        if places:
            file = NewFile(plan.name, plan.data, told)
            said = [plan.transactions[at].remittance for at in places]
            ids |= zip(places, keep(work, file, said, conflicts=conflicts), strict=True)
    return [ids[at] for at in range(len(plan.transactions))]


def _transactions(
    work: Work, said: Sequence[AnsweredRemittance], reading: Reading835, *, deciding: bool
) -> tuple[EraTransaction, ...]:
    """Return what becomes of each check; one that stands twice, word for word, is one."""
    found: dict[tuple[str, str], SaidCheck] = {}
    for one, read in zip(said, reading.remittances, strict=True):
        key = identity_of(one), digest_of(one)
        told = tuple(
            _finding(odd.code, odd.message, f"transaction {one.position}") for odd in read.oddities
        )
        found.setdefault(key, SaidCheck(one, *key, told))
    known = kept_checks(work, list(found.values()))
    matched = match(work, [one.remittance for one in found.values()])
    names, automation = _payers(work, {one.payer_id for one in matched})
    places: dict[object, int] = {}
    made: list[EraTransaction] = []
    for at, (kept, remittance, same) in enumerate(
        zip(found.values(), matched, same_numbers(work, matched), strict=True)
    ):
        before, conflict = known.get(kept.digest), known.get(kept.identity)
        if before is None and conflict is None:
            before, conflict = same.before, same.conflict
        if conflict is not None and conflict.status is RemittanceStatus.CLOSED:
            conflict = None  # it was set aside; this one comes in its place
        keys: list[object] = [kept.identity]
        if told_apart(remittance):
            keys.append(number_key(remittance))
        twin = next((places[each] for each in keys if each in places), None)
        stop = why_stopped(remittance) if twin is None else _TWICE
        for each in keys:
            places.setdefault(each, at)
        made.append(
            EraTransaction(
                remittance=remittance,
                decided=None,
                payer=names.get(remittance.payer_id or 0, remittance.payer_name),
                automation=automation.get(remittance.payer_id or 0, Automation.REVIEW),
                before=before,
                conflict=None if before is not None else conflict,
                stop=stop,
                findings=kept.findings + same.told,
                twin=twin,
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
        goes = _goes(work, made[at], clicked=True) and not only_known(decided)
        goes = goes and not decided.stop
        found[at] = replace(made[at], decided=decided, goes=goes)
        if foreseen is not None and goes:
            foreseen.note(decided)
    return tuple(found)


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
