"""Keeps what payers answered, as it was said: files, remittances, claims and lines as rows.

Nothing of it is in the books yet; ``posting`` does that. What does not balance, is a test, or has
the trace of another remittance that says something else, is stopped: a person looks at it first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceFile,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.ledger.accounts import RECOUPMENTS
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Plb,
    cas_text,
)
from fscdesk.services.remittances.identity import digest_of, identity_of
from fscdesk.services.remittances.setting_aside import OTHERWISE, free_identities
from fscdesk.services.work import Topic, Work

SERIES: Final = "REM"
RECOUPMENT_SERIES: Final = "RCP"
NO_MONEY: Final = "NON"
"""BPR04 of a remittance that only tells: no money comes with it."""
CARRIED_FORWARD: Final = "The check is below zero: carried forward"
"""The note of an item that the payer did not send: what a check below zero leaves for the next."""
_LONGEST_REMARKS: Final = 200
_LONGEST_NAME: Final = 120
_TOLD: Final = 300
_CLAIM: Final = (
    *("id", "remittance_id", "position", "number", "status_code", "charge", "paid"),
    *("patient_share", "payer_number", "frequency", "patient_name", "member_id", "corrected"),
    *("forwarded_to", "forwarded", "interest", "remarks", "adjustments", "off", "received_on"),
    *("first_day", "last_day", "claim_id", "patient_id", "matched_by", "fate", "why", "words"),
)
_LINE: Final = (
    *("id", "remittance_claim_id", "position", "line_id", "code", "modifiers", "billed_code"),
    *("units", "charge", "paid", "allowed", "first_day", "last_day", "adjustments", "remarks"),
    *("claim_line_id", "charge_id", "matched_by", "fate", "why", "words", "wrote_off"),
    *("to_patient", "denied"),
)
_ITEM: Final = (
    *("id", "number", "payer_id", "remittance_id", "kind", "reason_code", "reference", "provider"),
    *("amount", "open", "account", "on", "undone", "note", "version"),
)


@dataclass(frozen=True, slots=True)
class NewFile:
    """An 835 as it came in: its very bytes; ``oddities`` are sentences about it, by line."""

    name: str
    content: bytes
    oddities: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Return by what the same file is known again."""
        return hashlib.sha256(self.content).hexdigest()


def keep(
    work: Work,
    file: NewFile | None,
    remittances: Sequence[AnsweredRemittance],
    *,
    conflicts: Mapping[int, int] | None = None,
) -> tuple[int, ...]:
    """Keep remittances as they were matched, and return their ids in order; nothing is posted.

    Without a file its bytes are not kept. ``conflicts`` names, by place in ``remittances``, the
    remittance with the same trace that says something else: such a one is stopped. Raises
    ChangedElsewhere, with nothing kept, for one that is kept already.
    """
    require(work, Right.POST_PAYMENT, "read remittances")
    again = conflicts or {}
    new = [one for at, one in enumerate(remittances) if at not in again]
    free_identities(work, [identity_of(one) for one in new])
    file_id = None if file is None else _file(work, file)
    rows = _rows(work, file_id, remittances, again)
    ids = tuple(row.id for row in rows)
    claims = [
        (remittance_id, claim)
        for remittance_id, one in zip(ids, remittances, strict=True)
        for claim in one.claims
    ]
    claim_ids = list(reserve_ids(work, "remittance_claim", len(claims)))
    insert_rows(
        work,
        "remittance_claim",
        _CLAIM,
        (
            _claim_row(row_id, remittance_id, claim)
            for row_id, (remittance_id, claim) in zip(claim_ids, claims, strict=True)
        ),
    )
    lines = [
        (claim_id, line)
        for claim_id, (_, claim) in zip(claim_ids, claims, strict=True)
        for line in claim.lines
    ]
    line_ids = reserve_ids(work, "remittance_line", len(lines))
    insert_rows(
        work,
        "remittance_line",
        _LINE,
        (
            _line_row(row_id, claim_id, line)
            for row_id, (claim_id, line) in zip(line_ids, lines, strict=True)
        ),
    )
    for row, one in zip(rows, remittances, strict=True):
        if row.payer_id is not None:
            keep_provider_adjustments(work, row, one.plbs)
    record(
        work,
        "keep_remittances",
        "remittance_file",
        file_id,
        remittances=len(ids),
        claims=len(claims),
        cents=sum(one.amount for one in remittances),
    )
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
    return ids


def keep_provider_adjustments(
    work: Work, row: Remittance, plbs: Sequence[Plb], *, note: str = ""
) -> None:
    """Keep the PLB of a remittance whose payer is known, in their order; none is in the books.

    Each is a document of its own (``RCP-…``). Until it is posted it is ``undone`` and nothing of
    it is open.
    """
    if not plbs or row.payer_id is None:
        return
    year = work.today().year
    numbers = reserve_numbers(work, RECOUPMENT_SERIES, year, len(plbs))
    payer_id, on = row.payer_id, row.paid_on.isoformat()
    insert_rows(
        work,
        "recoupment",
        _ITEM,
        (
            (
                *(row_id, number_text(RECOUPMENT_SERIES, year, number), payer_id, row.id),
                *(RecoupmentKind.TO_EXPLAIN.value, one.reason, one.reference, one.provider),
                *(one.cents, 0, RECOUPMENTS, on, True, note, 1),
            )
            for row_id, number, one in zip(
                reserve_ids(work, "recoupment", len(plbs)), numbers, plbs, strict=True
            )
        ),
    )


def why_stopped(one: AnsweredRemittance) -> str:
    """Return why a remittance waits for somebody's look before it posts; empty if it does not."""
    if not one.readable:
        return "A part of it could not be read."
    if one.test:
        return "It is a test of the payer's, not money."
    if one.amount < 0:
        return f"It says that the check is {Money(one.amount)}."
    if one.method == NO_MONEY and one.amount:
        return f"It says that no money comes ({NO_MONEY}), but its check is {Money(one.amount)}."
    if one.check_off:
        return (
            f"The check does not balance: {Money(one.check_off)} more than claims and provider"
            " adjustments come to."
            if one.check_off > 0
            else f"The check does not balance: {Money(-one.check_off)} less than claims and"
            " provider adjustments come to."
        )
    if one.claims_off or one.services_off:
        return (
            f"{one.claims_off} of its claims and {one.services_off} of its services do not balance."
        )
    return ""


def _file(work: Work, file: NewFile) -> int:
    """Keep a file once: the same bytes again are the same file."""
    known = work.db.scalar(select(RemittanceFile.id).where(RemittanceFile.sha256 == file.sha256))
    if known is not None:
        return known
    row = RemittanceFile(
        name=file.name[-_LONGEST_NAME:],
        sha256=file.sha256,
        content=file.content,
        oddities="\n".join(file.oddities),
        read_by=work.actor.staff_id,
        read_at=work.now(),
    )
    work.db.add(row)
    _flush(work)
    return row.id


def _rows(
    work: Work,
    file_id: int | None,
    remittances: Sequence[AnsweredRemittance],
    conflicts: Mapping[int, int],
) -> list[Remittance]:
    year = work.today().year
    numbers = reserve_numbers(work, SERIES, year, len(remittances))
    rows = [
        _row(work, number_text(SERIES, year, number), file_id, one, conflicts.get(at))
        for at, (number, one) in enumerate(zip(numbers, remittances, strict=True))
    ]
    work.db.add_all(rows)
    _flush(work)
    return rows


def _row(
    work: Work,
    number: str,
    file_id: int | None,
    one: AnsweredRemittance,
    conflict_id: int | None,
) -> Remittance:
    stopped = why_stopped(one)
    if conflict_id is not None:
        stopped = OTHERWISE
    return Remittance(
        number=number,
        origin=RemittanceOrigin.ERA,
        file_id=file_id,
        position=one.position,
        control=one.control,
        payer_id=one.payer_id,
        payer_name=one.payer_name,
        payer_code=one.payer_code,
        payee_npi=one.payee_npi,
        trace=one.trace,
        # One identity belongs to one remittance: what contradicts it is found by the other's.
        identity=identity_of(one) if conflict_id is None else None,
        digest=digest_of(one),
        amount=Money(one.amount),
        method=one.method,
        paid_on=one.paid_on,
        test=one.test,
        check_off=Money(one.check_off),
        claims_off=one.claims_off,
        services_off=one.services_off,
        status=RemittanceStatus.STOPPED if stopped else RemittanceStatus.TO_POST,
        reason=stopped[:_TOLD],
        claims=len(one.claims),
        unposted=len(one.claims),
        conflict_id=conflict_id,
        read_by=work.actor.staff_id,
        read_at=work.now(),
    )


def _flush(work: Work) -> None:
    try:
        work.db.flush()
    except IntegrityError as taken:
        raise ChangedElsewhere(
            "This remittance was read at another desk a moment ago.",
            hint="Nothing was kept twice. Look at the list of remittances.",
        ) from taken


def _claim_row(row_id: int, remittance_id: int, one: AnsweredClaim) -> tuple[Any, ...]:
    return (
        *(row_id, remittance_id, one.position, one.number, one.status, one.charge, one.paid),
        *(one.patient_share, one.payer_number, one.frequency, one.patient_name, one.member_id),
        *(one.corrected, one.forwarded_to, one.forwarded, one.interest, _remarks(one.remarks)),
        *(cas_text(one.cas), one.off, _day(one.received_on), _day(one.first_day)),
        *(_day(one.last_day), one.claim_id, one.patient_id, one.matched_by, Fate.UNPOSTED.value),
        *("" if one.why is None else one.why.value, one.words[:_TOLD]),
    )


def _line_row(row_id: int, claim_id: int, one: AnsweredLine) -> tuple[Any, ...]:
    return (
        *(row_id, claim_id, one.position, one.line_id, one.code, " ".join(one.modifiers)),
        *(one.billed_code, one.units, one.charge, one.paid, one.allowed, _day(one.first_day)),
        *(_day(one.last_day), cas_text(one.cas), _remarks(one.remarks), one.claim_line_id),
        *(one.charge_id, one.matched_by, Fate.UNPOSTED.value),
        *("" if one.why is None else one.why.value, one.words[:_TOLD], 0, 0, ""),
    )


def _remarks(found: Sequence[str]) -> str:
    """Return as many whole remark codes as the column holds."""
    return " ".join(_fitting(found))


def _fitting(found: Sequence[str]) -> Iterator[str]:
    room = _LONGEST_REMARKS
    for one in found:
        room -= len(one) + 1
        if room < -1:
            return
        yield one


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
