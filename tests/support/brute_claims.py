"""Adds the claims up by hand, apart from the program's own checks: lines, files, visits."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import (
    Claim,
    ClaimFinding,
    ClaimLine,
    ClaimStatus,
    ClaimStatusHistory,
    Frequency,
    Severity,
)
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, Route
from fscdesk.models.coverage import Authorization, AuthorizationUse
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.services.x12.reading_837p import read_837p

_FALLEN = (ClaimStatus.VOID, ClaimStatus.CLOSED)
_WAITS = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED)


def wrong_claims(books: Office) -> list[str]:
    """Return what does not add up, in words; nothing when the claims are sound."""
    return books.read(lambda work: list(_wrong(work)))


def _wrong(work: Work) -> Iterator[str]:
    claims = {one.id: one for one in work.db.scalars(select(Claim).order_by(Claim.id))}
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in work.db.scalars(select(ClaimLine).order_by(ClaimLine.claim_id, ClaimLine.position)):
        lines[line.claim_id].append(line)
    charges = {one.id: one for one in work.db.scalars(select(Charge))}
    sendings = list(work.db.scalars(select(ClaimSending).order_by(ClaimSending.id)))
    batches = {one.id: one for one in work.db.scalars(select(ClaimBatch))}
    for claim in claims.values():
        yield from _wrong_claim(claim, lines[claim.id], charges)
    yield from _billed_twice(claims, lines)
    yield from _wrong_history(work, claims)
    yield from _wrong_findings(work, claims)
    yield from _wrong_sendings(work, claims, sendings, batches)
    yield from _wrong_files(claims, sendings, batches)
    yield from _wrong_visits(work, claims, lines)


def _wrong_claim(claim: Claim, lines: list[ClaimLine], charges: dict[int, Charge]) -> Iterator[str]:
    cents = sum(line.amount.cents for line in lines)
    if cents != claim.total.cents or not lines:
        yield f"{claim.number} says {claim.total}, its lines {cents}"
    if [line.position for line in lines] != list(range(1, len(lines) + 1)):
        yield f"{claim.number} has gaps between its lines"
    for line in lines:
        charge = charges[line.charge_id]
        stands = claim.status not in _FALLEN and not claim.outdated
        if claim.frequency is Frequency.VOID or not stands:
            continue
        if charge.voided_on is not None:
            yield f"{claim.number} bills charge {charge.id}, which is voided"
        said = (line.amount, line.code, line.units, line.service_day)
        if said != (charge.amount, charge.code, charge.units, charge.service_day):
            yield f"{claim.number} says {said} of charge {charge.id}"


def _billed_twice(claims: dict[int, Claim], lines: dict[int, list[ClaimLine]]) -> Iterator[str]:
    """Yield what two standing claims bill of one charge for one rank, or no claim holds."""
    held = Counter[tuple[int, int]]()
    for claim in claims.values():
        if claim.status is ClaimStatus.CLOSED and not any(line.live for line in lines[claim.id]):
            continue  # another claim took its place
        if claim.status is ClaimStatus.VOID or claim.frequency is Frequency.VOID:
            if any(line.live for line in lines[claim.id]):
                yield f"{claim.number} holds charges, and is {claim.status} ({claim.frequency})"
            continue
        waits = claim.status in (*_WAITS, ClaimStatus.REJECTED) and claim.replaces_id is not None
        for line in lines[claim.id]:
            if line.live is None and not waits:
                yield f"{claim.number} ({claim.status}) holds no charge {line.charge_id}"
            elif line.live is not None and line.live != f"{line.charge_id}:{claim.rank}":
                yield f"{claim.number} holds {line.live} for charge {line.charge_id}"
            if line.live is not None:
                held[line.charge_id, claim.rank] += 1
    yield from (f"{one} claims bill charge {key}" for key, one in held.items() if one > 1)


def _wrong_history(work: Work, claims: dict[int, Claim]) -> Iterator[str]:
    stood: dict[int, str | None] = {}
    for step in work.db.scalars(select(ClaimStatusHistory).order_by(ClaimStatusHistory.id)):
        if step.old != stood.get(step.claim_id):
            yield f"claim {step.claim_id} went from {step.old}, stood at {stood.get(step.claim_id)}"
        stood[step.claim_id] = step.new
    for claim in claims.values():
        if stood.get(claim.id) != claim.status.value:
            yield f"{claim.number} is {claim.status}, its history says {stood.get(claim.id)}"


def _wrong_findings(work: Work, claims: dict[int, Claim]) -> Iterator[str]:
    stops = Counter[int]()
    for finding in work.db.scalars(select(ClaimFinding)):
        stops[finding.claim_id] += finding.severity is Severity.STOPS
    for claim in claims.values():
        if claim.status is ClaimStatus.SCRUBBED and (stops[claim.id] or claim.held_for):
            yield f"{claim.number} is ready with {stops[claim.id]} stops, held: {claim.held_for}"
        if claim.stops != stops[claim.id] and claim.status in _WAITS:
            yield f"{claim.number} counts {claim.stops} stops, there are {stops[claim.id]}"


def _wrong_sendings(
    work: Work,
    claims: dict[int, Claim],
    sendings: list[ClaimSending],
    batches: dict[int, ClaimBatch],
) -> Iterator[str]:
    days = defaultdict(list)
    for one in sendings:
        batch = batches[one.batch_id]
        if batch.state is not BatchState.UNDONE:
            days[one.claim_id].append(batch.made_at.astimezone(work.zone).date())
    for claim in claims.values():
        if claim.crossed_over:
            continue
        sent = days[claim.id]
        kept = (claim.first_sent_on, claim.last_sent_on)
        if kept != (min(sent, default=None), max(sent, default=None)):
            yield f"{claim.number} was sent on {sent}, says {kept}"
        if not sent and claim.status not in (*_WAITS, *_FALLEN):
            yield f"{claim.number} is {claim.status} and was never sent"
    for batch in batches.values():
        mine = [one for one in sendings if one.batch_id == batch.id]
        if len(mine) != batch.claims:
            yield f"{batch.number} counts {batch.claims} claims, has {len(mine)}"


def _wrong_files(
    claims: dict[int, Claim], sendings: list[ClaimSending], batches: dict[int, ClaimBatch]
) -> Iterator[str]:
    """Compare each file with what was sent in it: numbers, money, hash; no number comes twice."""
    files = [one for one in batches.values() if one.route is Route.ELECTRONIC]
    for name in ("interchange", "group_control"):
        numbers = Counter(getattr(one, name) for one in files)
        yield from (f"{name} {one} is of {many} files" for one, many in numbers.items() if many > 1)
    for batch in files:
        content = bytes(batch.content or b"")
        if hashlib.sha256(content).hexdigest() != batch.sha256:
            yield f"{batch.number} has another file"
        read = read_837p(content.decode("ascii"))
        named = sorted(one.control for one in read.claims)
        mine = [one for one in sendings if one.batch_id == batch.id]
        if named != sorted(claims[one.claim_id].number.replace("-", "") for one in mine):
            yield f"{batch.number} names {named}"
        cents = sum(one.charge.cents for one in read.claims)
        if read.oddities or cents != batch.total.cents:
            yield f"{batch.number} is over {batch.total}, its file over {cents}: {read.oddities}"
        if any(json.loads(one.content)["claim_id"] != one.claim_id for one in mine):
            yield f"{batch.number} keeps other claims than it sent"


def _wrong_visits(
    work: Work, claims: dict[int, Claim], lines: dict[int, list[ClaimLine]]
) -> Iterator[str]:
    """Compare what authorizations have used with the lines of the claims that took it."""
    taken = Counter[int]()
    whose = {line.id: claims[claim_id] for claim_id, some in lines.items() for line in some}
    for use in work.db.scalars(select(AuthorizationUse)):
        taken[use.authorization_id] += use.quantity
        claim = whose[use.claim_line_id]
        if claim.status in (*_WAITS, ClaimStatus.VOID, ClaimStatus.REJECTED):
            yield f"{claim.number} is {claim.status} and has taken visits"
    for one in work.db.scalars(select(Authorization)):
        if one.used != one.used_before + taken[one.id]:
            yield f"{one.number} has used {one.used}, claims took {taken[one.id]}"
