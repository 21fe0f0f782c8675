"""Reads what came back for claims: 999 of a file's syntax, 277CA claim by claim.

    plan = plan_acknowledgment(work, path.name, path.read_bytes())   # what it says, what would move
    done = apply_acknowledgment(work, plan)                          # exactly that, once

A 999 names the group (GS06) and the sets (ST02) of a batch; a 277CA names claims (CLM01). What
is not of ours is kept with the file, and told. The same file a second time changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import (
    Acknowledgment,
    AcknowledgmentItem,
    AcknowledgmentKind,
    BatchState,
    ClaimBatch,
    ClaimSending,
)
from fscdesk.models.practice import Practice
from fscdesk.services.audit import record
from fscdesk.services.claims.ack_alarms import told as told_alarms
from fscdesk.services.claims.ack_matching import UNSENT
from fscdesk.services.claims.ack_plan import Acknowledged, AckPlan, AckRow, Verdict
from fscdesk.services.claims.ack_rows_277 import rows_of_277
from fscdesk.services.claims.ack_rows_999 import rows_of_999
from fscdesk.services.claims.lifecycle import ClaimMove, lock_claims, move_claims
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work
from fscdesk.services.x12.envelopes import Reading, read_interchanges
from fscdesk.services.x12.segments import Oddity

__all__ = ["apply_acknowledgment", "plan_acknowledgment"]

_DOING = "read what comes back for claims"
_LARGEST = 64 * 1024 * 1024
_LONGEST_NAME, _LONGEST_CODES = 120, 80
_LONGEST_CODE = 24
_LONGEST_REASON = 300
_KINDS = {
    "835": "a remittance (835); it is posted under Payments",
    "837": "a file of claims (837), not an answer to one",
    "270": "a question about coverage (270), not an answer",
    "271": "an answer about coverage (271); “fscdesk eligibility” reads it",
    "276": "a question about claims (276), not an answer",
}
_HINT = "Choose a 999 or a 277CA from the clearinghouse."


def plan_acknowledgment(work: Work, name: str, data: bytes) -> AckPlan:
    """Return what a file says of our batches and claims, and what reading it would change.

    Damage is told as findings; whatever can be read is read. Raises Problem, saying what the
    file is, where it is no acknowledgment at all.
    """
    require(work, Right.SEND_CLAIMS, _DOING)
    if len(data) > _LARGEST:
        raise Problem(
            f"{name} is too large for an acknowledgment.", hint=f"Nothing was read. {_HINT}"
        )
    text = _text(data)
    reading = read_interchanges(text)
    syntax, claims = _require_kind(name, text, reading)
    digest = hashlib.sha256(data).hexdigest()
    kind = AcknowledgmentKind.CLAIMS if claims else AcknowledgmentKind.SYNTAX
    made_on = next((one.made_on for one in reading.interchanges if one.made_on), None)
    already = work.db.execute(
        select(Acknowledgment.read_at, Acknowledgment.file_name).where(
            Acknowledgment.sha256 == digest
        )
    ).one_or_none()
    rows: list[AckRow] = []
    oddities: list[Oddity] = []
    findings: list[Finding] = []
    for wanted, read in ((syntax, rows_of_999), (claims, rows_of_277)):
        if wanted:
            found = read(work, text, made_on)
            rows += found.rows
            oddities += found.oddities
            findings += [*found.findings, *told_alarms(found)]
    told = dict.fromkeys(one for one in oddities if one.code not in _EXPECTED)
    plan = AckPlan(
        kind,
        name,
        digest,
        data,
        made_on,
        tuple(replace(row, position=at) for at, row in enumerate(rows, start=1)),
        (*(_finding(one) for one in told), *findings, *_strangers(rows)),
    )
    if already is not None:
        when = already.read_at.astimezone(work.zone)
        under = "" if already.file_name == name else f" as {already.file_name}"
        plan = replace(plan, already=f"It was read on {when:%m/%d/%Y} at {when:%H:%M}{under}")
    return plan


def apply_acknowledgment(work: Work, plan: AckPlan) -> Acknowledged:
    """Keep the file, and let batches, claims and their sessions follow what it says.

    The plan is made anew on locked records, so that what happened since it was shown counts.
    A file that was read before changes nothing.
    """
    require(work, Right.SEND_CLAIMS, _DOING)
    # Two desks that read one file at once read it one after the other, and once.
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    now = plan_acknowledgment(work, plan.file_name, plan.data)
    if now.already:
        return Acknowledged(None, now, 0, ())
    claim_ids = {move.claim_id for row in now.rows for move in row.moves}
    claim_ids |= {row.claim_id for row in now.rows if row.claim_id is not None}
    claim_ids |= {hold.claim_id for row in now.rows for hold in row.holds}
    lock_claims(work, claim_ids)
    now = plan_acknowledgment(work, plan.file_name, plan.data)
    kept = _keep(work, now)
    _note_numbers(work, now)
    moves = [
        ClaimMove(move.claim_id, ClaimStatus(move.new), move.reason)
        for row in now.rows
        for move in row.moves
    ]
    moved = move_claims(work, moves)
    _note_reasons(work, now)
    _hold_back(work, now)
    batches = _settle_batches(work, now)
    record(
        work,
        "read_acknowledgment",
        "acknowledgment",
        kept.id,
        kind=now.kind.value,
        accepted=now.accepted,
        rejected=now.rejected,
        matched=now.matched,
        unmatched=now.unmatched,
    )
    work.touch(Topic.CLAIMS)
    return Acknowledged(kept.id, now, moved, batches, work.now())


_EXPECTED = frozenset({"other_kind"})
"""What is odd only because one file can hold both kinds of answer."""


def _text(data: bytes) -> str:
    """Return bytes as text: UTF-8 where they are that, one character for each byte otherwise."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _require_kind(name: str, text: str, reading: Reading) -> tuple[bool, bool]:
    """Return whether the file answers for syntax, and for claims. Raises Problem for neither."""
    kinds = {found.kind for found in reading.sets()}
    receipts = any(one.receipts for one in reading.interchanges)
    syntax, claims = bool(kinds & {"999", "997"}) or receipts, "277" in kinds
    if syntax or claims:
        return syntax, claims
    if not text.strip("\x00 \t\r\n"):
        raise Problem(f"{name} is empty.", hint=f"Nothing was read. {_HINT}")
    if not reading.interchanges:
        raise Problem(f"{name} is no X12 file.", hint=f"Nothing was read. {_HINT}")
    known = next((words for kind, words in _KINDS.items() if kind in kinds), "")
    what = known or "an X12 file that answers no claims"
    raise Problem(f"{name} is {what}.", hint=f"Nothing was read. {_HINT}")


def _finding(oddity: Oddity) -> Finding:
    where = f"segment {oddity.position}" if oddity.position else "the file"
    return Finding(oddity.code, oddity.message, where, Severity.WARNING)


def _strangers(rows: Iterable[AckRow]) -> list[Finding]:
    """Return one finding for what is not of ours, with the first of them."""
    found = [row.reference or "without a number" for row in rows if not (row.matched or row.told)]
    if not found:
        return []
    more = f" and {len(found) - 3} more" if found[3:] else ""
    words = f"Not of this practice, or not sent from here: {', '.join(found[:3])}{more}."
    return [Finding("unmatched", words, "the file", Severity.WARNING)]


def _keep(work: Work, plan: AckPlan) -> Acknowledgment:
    kept = Acknowledgment(
        kind=plan.kind,
        file_name=plan.file_name[-_LONGEST_NAME:],
        sha256=plan.sha256,
        content=plan.data,
        accepted=plan.accepted,
        rejected=plan.rejected,
        matched=plan.matched,
        unmatched=plan.unmatched,
        read_by=work.actor.staff_id,
        read_at=work.now(),
    )
    work.db.add(kept)
    work.db.flush()
    work.db.add_all(
        AcknowledgmentItem(
            acknowledgment_id=kept.id,
            position=row.position,
            batch_id=row.batch_id,
            claim_id=row.claim_id,
            reference=row.reference[:50],
            accepted=row.verdict is Verdict.ACCEPTED,
            codes=row.codes[:_LONGEST_CODES],
            words=row.words,
        )
        for row in plan.rows
    )
    work.db.flush()
    return kept


def _note_numbers(work: Work, plan: AckPlan) -> None:
    """Give claims the payer's number, with the file as the source of the change."""
    numbers = {row.claim_id: row.payer_number for row in plan.rows if row.payer_number}
    for claim in work.db.scalars(
        select(Claim)
        .where(among(work, Claim.id, [one for one in numbers if one is not None]))
        .order_by(Claim.id)
    ):
        new = numbers[claim.id]
        if claim.payer_number != new:
            change = FieldChange("payer_number", claim.payer_number, new)
            claim.payer_number = new
            write_changes(work, claim.id, [change], source=plan.kind.value)
    work.db.flush()


def _note_reasons(work: Work, plan: AckPlan) -> None:
    """Keep with each claim why it was rejected, and on which day it was answered."""
    why = {
        move.claim_id: (row, move.reason)
        for row in plan.rows
        for move in row.moves
        if move.new == ClaimStatus.REJECTED
    }
    for claim in work.db.scalars(
        select(Claim).where(among(work, Claim.id, why)).order_by(Claim.id)
    ):
        row, reason = why[claim.id]
        claim.reason, claim.reason_code = reason, row.codes.split(" ")[0][:_LONGEST_CODE]
    work.db.flush()


def _hold_back(work: Work, plan: AckPlan) -> None:
    """Hold claims that wait to be sent, or could go again, while the receiver has them already."""
    why = {hold.claim_id: hold.reason for row in plan.rows for hold in row.holds}
    held = []
    for claim in work.db.scalars(
        select(Claim).where(among(work, Claim.id, why)).order_by(Claim.id)
    ):
        if claim.status not in (*UNSENT, ClaimStatus.REJECTED) or claim.held_for:
            continue
        claim.held_for = why[claim.id][:_LONGEST_REASON]
        change = FieldChange("held_for", "", claim.held_for)
        write_changes(work, claim.id, [change], source=plan.kind.value)
        held.append(claim.id)
    work.db.flush()
    if held:
        scrub_claims(work, held)


def _settle_batches(work: Work, plan: AckPlan) -> tuple[str, ...]:
    """Let batches be acknowledged, or rejected where all of them are; return their numbers."""
    # That an envelope has arrived (TA1) says nothing yet of what is in it.
    named = {
        row.batch_id
        for row in plan.rows
        if row.batch_id is not None
        and (row.verdict is not Verdict.PENDING or row.claim_id is not None)
    }
    settled = []
    for batch in work.db.scalars(
        select(ClaimBatch)
        .where(among(work, ClaimBatch.id, named))
        .order_by(ClaimBatch.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ):
        if batch.state not in (BatchState.SENT, BatchState.REJECTED):
            continue
        statuses = work.db.scalars(
            select(Claim.status)
            .join(ClaimSending, ClaimSending.claim_id == Claim.id)
            .where(ClaimSending.batch_id == batch.id)
        ).all()
        all_rejected = all(one is ClaimStatus.REJECTED for one in statuses)
        state = BatchState.REJECTED if all_rejected else BatchState.ACKNOWLEDGED
        if batch.state is not state:
            batch.state = state
            settled.append(batch.number)
    work.db.flush()
    return tuple(settled)
