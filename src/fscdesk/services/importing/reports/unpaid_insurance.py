"""The unpaid insurance report: what payers still owe, session by session, with its claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.differences import in_words
from fscdesk.services.importing.readers.unpaid_insurance import UnpaidRow
from fscdesk.services.importing.report_signatures import UNPAID_INSURANCE
from fscdesk.services.importing.reports.claims_book import (
    LONGEST,
    NOT_SENT,
    NOUN,
    SENT,
    ClaimNow,
    ClaimsBook,
    ClaimStep,
    SessionNow,
    ahead,
    changes_of,
    one_of,
    read_claims,
    take_claims_back,
    write_claims,
)
from fscdesk.services.importing.reports_engine import (
    WAITS,
    Applying,
    Decision,
    Named,
    Planning,
    ReportKind,
)
from fscdesk.services.work import Topic, Work


class UnpaidInsurance(ReportKind[UnpaidRow]):
    """Links each open claim to its session by day, client and balance."""

    profile = UNPAID_INSURANCE
    topics = (Topic.SESSIONS,)

    def named(self, row: UnpaidRow) -> Named:
        """Return the client; the report has neither clinician nor payer."""
        return Named(row.client, day=row.day)

    def begin(self, planning: Planning[UnpaidRow]) -> ClaimsBook:
        """Read the claims and the sessions that they may be of."""
        report, today = planning.report, planning.work.today()
        return read_claims(planning.work, report.first_day or today, report.last_day or today)

    def which(self, planning: Planning[UnpaidRow], at: int, patients: Sequence[int]) -> int | None:
        """Tell clients of one name apart: by a known claim, else by who has that balance."""
        book: ClaimsBook = planning.state
        row = planning.report.rows[at]
        claim = book.claims.get(row.clearinghouse_reference)
        if claim is not None and claim.patient_id in patients:
            return claim.patient_id
        there = book.on_day.get(row.day, ())
        return one_of(patients, (one for one in there if _balance_fits(one, row)))

    def plan_row(self, planning: Planning[UnpaidRow], at: int, row: UnpaidRow) -> Decision:
        """Say what a row makes or changes of a claim, and which session it is of."""
        book: ClaimsBook = planning.state
        patient_id = planning.patient(at)
        if patient_id is None:
            reason = f"{WAITS} its client, who is not in the books"
            return Decision(Verdict.SKIPPED, reason=reason)
        reference = row.clearinghouse_reference[:LONGEST]
        now = book.claims.get(reference) if reference else None
        session = _session(book, row, patient_id, now)
        if session is None:
            return _no_session(planning, row, patient_id)
        book.used.add(session.id)
        kept = book.of_session.get(session.id, [])
        if not reference:
            sent = [one for one in kept if one.status != NOT_SENT]
            if sent:
                reason = f"Its claim {sent[-1].reference} is known"
                known: dict[str, Any] = {"noun": NOUN, "noun_id": sent[-1].id}
                return Decision(Verdict.UNCHANGED, reason=reason, session_id=session.id, **known)
            now = next((one for one in kept if one.status == NOT_SENT), None)
            key = _key(row, patient_id, book)
            same = now is not None and now.reference.startswith(_base(row, patient_id))
            reference = now.reference if now is not None and same else key
        elif now is None:
            now = next((one for one in kept if one.status == NOT_SENT), None)
        return _decide(row, reference, now, session)

    def apply(self, applying: Applying) -> None:
        """Write the claims and bring sessions forward."""
        write_claims(applying)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Take the claims back."""
        return take_claims_back(work, batch)


def _decide(row: UnpaidRow, reference: str, now: ClaimNow | None, session: SessionNow) -> Decision:
    """Return what happens to a row whose claim (None: a new one) and session are known."""
    sent = bool(row.clearinghouse_reference)
    word = SENT if sent else NOT_SENT
    told_before = now.status if now is not None and now.status != NOT_SENT else ""
    status = ahead(told_before or SENT, session) if sent else None
    reason = f"SimplePractice says {told_before or SENT}"
    said: dict[str, Any] = {
        "reference": reference,
        "payer_claim": row.payer_claim[:LONGEST],
        "patient_id": session.patient_id,
        "payer_id": session.payer_id,
        "session_id": session.id,
        "status": word,
    }
    if now is None:
        step = ClaimStep(None, said, session.id, status, reason)
        told = f"Claim {reference}" if sent else "Claim not sent yet"
        told = f"{told}, {row.insurance_balance} open"
        return Decision(Verdict.NEW, what=told, step=step, session_id=session.id)
    if now.status not in ("", NOT_SENT):
        del said["status"]  # the claims report knows it better
    values = {
        name: value
        for name, value in said.items()
        if value not in (None, "") and value != getattr(now, name)
    }
    known: dict[str, Any] = {"noun": NOUN, "noun_id": now.id, "session_id": session.id}
    if not values and status is None:
        return Decision(Verdict.UNCHANGED, reason="Nothing changed", **known)
    changes = changes_of(now, values, session, status)
    step = ClaimStep(now.id, values, session.id, status, reason)
    told = in_words(changes)
    return Decision(Verdict.CHANGED, what=told, step=step, changes=changes, **known)


def _balance_fits(session: SessionNow, row: UnpaidRow) -> bool:
    return row.insurance_balance.cents in (session.owed, session.reported)


def _session(
    book: ClaimsBook, row: UnpaidRow, patient_id: int, now: ClaimNow | None
) -> SessionNow | None:
    """Return the session of a row: the claim's own, else the first free one that fits."""
    if now is not None and now.session_id in book.sessions:
        return book.sessions[now.session_id]
    there = [
        one
        for one in book.on_day.get(row.day, ())
        if one.patient_id == patient_id and one.id not in book.used
    ]
    taken = {one.id for one in there if _sent_under_another(book, one, row)}
    fits = [one for one in there if _balance_fits(one, row) and one.id not in taken]
    if fits:
        return fits[0]
    return there[0] if len(there) == 1 and there[0].id not in taken else None


def _sent_under_another(book: ClaimsBook, session: SessionNow, row: UnpaidRow) -> bool:
    """Whether a claim with another reference is known to be of this session."""
    return any(
        one.status != NOT_SENT and one.reference != row.clearinghouse_reference
        for one in book.of_session.get(session.id, ())
        if row.clearinghouse_reference
    )


def _no_session(planning: Planning[UnpaidRow], row: UnpaidRow, patient_id: int) -> Decision:
    book: ClaimsBook = planning.state
    there = [one for one in book.on_day.get(row.day, ()) if one.patient_id == patient_id]
    if not there:
        reason = f"{WAITS} its session, which is not in the books"
        return Decision(Verdict.SKIPPED, reason=reason)
    reason = f"No session of that day has {row.insurance_balance} open here"
    planning.findings.append(
        Finding(
            "balance-differs",
            f"{reason}: look at the payments of {row.client} on {row.day:%m/%d/%Y}.",
            f"line {row.line}",
            Severity.WARNING,
        )
    )
    return Decision(Verdict.SKIPPED, reason=reason)


def _key(row: UnpaidRow, patient_id: int, book: ClaimsBook) -> str:
    """Return what makes a claim without a reference the same: client, day and amount."""
    key = _base(row, patient_id)
    count = book.seen[key] = book.seen.get(key, 0) + 1
    return key if count == 1 else f"{key}|{count}"


def _base(row: UnpaidRow, patient_id: int) -> str:
    return f"open {row.day:%Y-%m-%d}|{patient_id}|{row.insurance_balance.cents}"
