"""Checks claims of the books by the rules, keeps what is found, and lets a person pass a warning.

A claim that is not sent is a draft while something stops it or keeps it back, and scrubbed once
nothing does. Warnings do not keep it; each waits for somebody to look at it and accept it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select

from fscdesk.models.claim import Claim, ClaimFinding, ClaimStatus, Severity
from fscdesk.models.claim_rule import RuleAct, RuleSeverity
from fscdesk.models.coverage import Policy
from fscdesk.services.audit import record
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.lifecycle import ClaimMove, lock_claims, move_claims
from fscdesk.services.claims.payer_rules import RuleSaid
from fscdesk.services.claims.published_codes import PublishedCodes
from fscdesk.services.claims.scrub.findings import ScrubFinding
from fscdesk.services.claims.scrub.rules import scrub
from fscdesk.services.claims.scrub_facts import with_facts
from fscdesk.services.claims.supervising import practice_said
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

PRACTICE: Final = "practice:"
"""How the code of a practice's own rule begins; its id follows."""
CHUNK: Final = 500
_MOVABLE: Final = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED)
_CHECKED: Final = (*_MOVABLE, ClaimStatus.REJECTED)
"""Not at the payer: what was rejected never reached it."""
_LONGEST: Final = 400
_COLUMNS: Final = (
    "id", "claim_id", "rule", "severity", "field", "line", "message", "hint", "accepted_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScrubResult:
    """What a check of claims found: how many were looked at, are ready, have something to mend.

    ``kept`` are those without a stop that something else keeps: held, waiting, outdated, crossed
    over. ``warns`` counts warnings that nobody has accepted, of all claims together.
    """

    claims: int = 0
    ready: int = 0
    stopped: int = 0
    kept: int = 0
    warns: int = 0

    def __add__(self, other: ScrubResult) -> ScrubResult:
        return ScrubResult(
            self.claims + other.claims,
            self.ready + other.ready,
            self.stopped + other.stopped,
            self.kept + other.kept,
            self.warns + other.warns,
        )

    def sentence(self) -> str:
        """Return what happened, for the message bar."""
        words = f"{_count(self.claims, 'claim')} checked: {self.ready} ready"
        if self.stopped:
            words += f", {self.stopped} to mend"
        if self.kept:
            words += f", {self.kept} kept back"
        return (
            f"{words}. {_count(self.warns, 'warning')} to look at." if self.warns else f"{words}."
        )


def scrub_claims(work: Work, claim_ids: Collection[int]) -> ScrubResult:
    """Check claims that are not sent, keep what is found, and move them between draft and scrubbed.

    Sent ones and unknown ids are passed over; a rejected one keeps its status. What somebody
    accepted stays so while the sentence is the same. It writes what follows from the claims and
    from Setup, whoever changed these, so it asks no right of its own.
    """
    wanted = sorted(set(claim_ids))
    weights, result = severities(work), ScrubResult()
    for start in range(0, len(wanted), CHUNK):
        work.job.step(start, len(wanted), "Checking claims")
        result += _scrub_some(work, wanted[start : start + CHUNK], weights)
    work.job.step(len(wanted), len(wanted), "Checking claims")
    return result


def rescrub(
    work: Work,
    *,
    policy_id: int | None = None,
    patient_id: int | None = None,
    provider_id: int | None = None,
    payer_id: int | None = None,
) -> ScrubResult:
    """Check again all claims that are not sent and that hang on what was changed.

    A policy and a payer reach every claim of their clients, for they stand on the other payers'
    claims too. Several given: what hangs on any of them. None given: all claims that are not sent.
    """
    reach: list[ColumnElement[bool]] = []
    if policy_id is not None:
        reach.append(Claim.patient_id.in_(select(Policy.patient_id).where(Policy.id == policy_id)))
        reach.append(Claim.policy_id == policy_id)
    if patient_id is not None:
        reach.append(Claim.patient_id == patient_id)
    if provider_id is not None:
        reach += [Claim.rendering_id == provider_id, Claim.supervising_id == provider_id]
    if payer_id is not None:
        of_payer = select(Policy.patient_id).where(Policy.payer_id == payer_id)
        reach += [Claim.payer_id == payer_id, Claim.patient_id.in_(of_payer)]
    work.db.flush()
    asked = select(Claim.id).where(Claim.status.in_(_CHECKED))
    return scrub_claims(work, list(work.db.scalars(asked.where(or_(*reach)) if reach else asked)))


def accept_warning(work: Work, claim_id: int, rule: str, line: int | None = None) -> int:
    """Let a claim go with the warnings of one rule on one line; return how many there were.

    Raises ChangedElsewhere when they are not there any more, or accepted already.
    """
    return _mark(work, claim_id, rule, line, accept=True)


def take_back_acceptance(work: Work, claim_id: int, rule: str, line: int | None = None) -> int:
    """Let accepted warnings of one rule on one line wait for a look again; return how many.

    Raises ChangedElsewhere when there are none.
    """
    return _mark(work, claim_id, rule, line, accept=False)


def severities(work: Work) -> dict[str, Severity | None]:
    """Return the weights that the practice has given to rules; None for a rule that is off."""
    return {row.rule: row.severity for row in work.db.scalars(select(RuleSeverity))}


class _Key(NamedTuple):
    """By which a finding is known again: the same rule says the same of the same place."""

    rule: str
    severity: str
    field: str
    line: int | None
    message: str
    hint: str


def _scrub_some(
    work: Work, claim_ids: Collection[int], weights: Mapping[str, Severity | None]
) -> ScrubResult:
    work.db.flush()
    asked = select(Claim.id).where(among(work, Claim.id, claim_ids), Claim.status.in_(_CHECKED))
    claims = lock_claims(work, list(work.db.scalars(asked)))
    unsent = [one.id for one in claims if one.status in _CHECKED]
    if not unsent:
        return ScrubResult()
    found = _findings(work, unsent, weights)
    open_now = _keep(work, found)
    moves, result = [], ScrubResult()
    for claim in claims:
        if claim.id not in found:
            continue
        stops = sum(one.severity is Severity.STOPS for one in found[claim.id])
        kept = bool(claim.held_for or claim.wait_for or claim.outdated or claim.crossed_over)
        ready = not stops and not kept
        result += ScrubResult(
            1, int(ready), int(stops > 0), int(kept and not stops), open_now[claim.id]
        )
        new = ClaimStatus.SCRUBBED if ready else ClaimStatus.DRAFT
        if claim.status in _MOVABLE and claim.status is not new:
            moves.append(ClaimMove(claim.id, new, _reason(stops, kept=kept)))
    at = stored_moment(work.now())
    run_many(
        work,
        "UPDATE claim SET scrubbed_at = ?, stops = ?, warns = ? WHERE id = ?",
        [
            (
                at,
                sum(one.severity is Severity.STOPS for one in found[one_id]),
                open_now[one_id],
                one_id,
            )
            for one_id in unsent
        ],
    )
    work.db.expire_all()
    move_claims(work, moves)
    work.touch(Topic.CLAIMS)
    return result


def _findings(
    work: Work, claim_ids: Collection[int], weights: Mapping[str, Severity | None]
) -> dict[int, list[ScrubFinding]]:
    """Return all that the rules and the practice's own rules find, by claim."""
    assembled = with_facts(work, contents(work, claim_ids))
    codes = PublishedCodes({code for one in assembled.values() for code in one.diagnoses})
    said = practice_said(work, assembled)
    found = {
        claim_id: [
            *scrub(content, codes, weights),
            *(_of_practice(one) for one in said.get(claim_id, ())),
        ]
        for claim_id, content in assembled.items()
    }
    return {claim_id: found.get(claim_id, [_NOTHING_LEFT]) for claim_id in claim_ids}


_NOTHING_LEFT: Final = ScrubFinding(
    "total",
    Severity.STOPS,
    "lines",
    "The claim has no lines.",
    "Drop it: there is nothing to bill.",
)
"""Of a claim that assembling leaves out."""


def _of_practice(said: RuleSaid) -> ScrubFinding:
    return ScrubFinding(
        f"{PRACTICE}{said.rule_id}",
        Severity.STOPS if said.act is RuleAct.HOLD else Severity.WARNS,
        "lines",
        said.message,
        f"It is a rule of the practice: {said.name}. Rules are changed among the claim rules.",
        said.line,
    )


def _keep(work: Work, found: Mapping[int, Iterable[ScrubFinding]]) -> dict[int, int]:
    """Replace the findings of claims where they differ; return how many warnings are open.

    Rows that say the same stay, with who accepted them.
    """
    before: dict[int, dict[_Key, list[ClaimFinding]]] = defaultdict(lambda: defaultdict(list))
    for row in work.db.scalars(
        select(ClaimFinding)
        .where(among(work, ClaimFinding.claim_id, found))
        .order_by(ClaimFinding.id)
    ):
        key = _Key(row.rule, row.severity.value, row.field, row.line, row.message, row.hint)
        before[row.claim_id][key].append(row)
    gone: list[int] = []
    new: list[tuple[int, _Key]] = []
    warns: dict[int, int] = {}
    for claim_id, findings in found.items():
        old = before[claim_id]
        keys = [_key(one) for one in findings]
        warns[claim_id] = sum(key.severity == Severity.WARNS.value for key in keys)
        for key in keys:
            if old[key]:
                warns[claim_id] -= _is_accepted(old[key].pop(0))
            else:
                new.append((claim_id, key))
        gone += [row.id for rows in old.values() for row in rows]
    if gone:
        work.db.execute(delete(ClaimFinding).where(among(work, ClaimFinding.id, gone)))
    ids = reserve_ids(work, "claim_finding", len(new))
    rows = [(one, claim_id, *key, None) for one, (claim_id, key) in zip(ids, new, strict=True)]
    insert_rows(work, "claim_finding", _COLUMNS, rows)
    return warns


def _key(one: ScrubFinding) -> _Key:
    message, hint = one.message[:_LONGEST], one.hint[:_LONGEST]
    return _Key(one.rule, one.severity.value, one.field, one.line, message, hint)


def _is_accepted(row: ClaimFinding) -> bool:
    return row.severity is Severity.WARNS and row.accepted_by is not None


def _mark(work: Work, claim_id: int, rule: str, line: int | None, *, accept: bool) -> int:
    require(work, Right.MAKE_CLAIMS, "accept warnings of claims")
    work.db.flush()
    lock_claims(work, [claim_id])
    rows = list(
        work.db.scalars(
            select(ClaimFinding).where(
                ClaimFinding.claim_id == claim_id,
                ClaimFinding.severity == Severity.WARNS,
                ClaimFinding.rule == rule,
                ClaimFinding.line.is_(None) if line is None else ClaimFinding.line == line,
                ClaimFinding.accepted_by.is_(None)
                if accept
                else ClaimFinding.accepted_by.is_not(None),
            )
        )
    )
    if not rows:
        raise ChangedElsewhere(
            "This warning is not on the claim any more, or somebody has looked at it already.",
            hint="Nothing was saved. Look at the claim again.",
        )
    for row in rows:
        row.accepted_by = work.actor.staff_id if accept else None
    work.db.flush()
    change = -len(rows) if accept else len(rows)
    run_many(work, "UPDATE claim SET warns = warns + ? WHERE id = ?", [(change, claim_id)])
    work.db.expire_all()
    action = "accept_warning" if accept else "take_back_acceptance"
    record(work, action, "claim", claim_id, rule=rule, line=line, count=len(rows))
    work.touch(Topic.CLAIMS)
    return len(rows)


def _reason(stops: int, *, kept: bool) -> str:
    if stops:
        return f"Checked: {_count(stops, 'thing')} to mend"
    return "Checked: kept back" if kept else "Checked: nothing stops it"


def _count(many: int, noun: str) -> str:
    return f"{many} {noun}" if many == 1 else f"{many} {noun}s"
