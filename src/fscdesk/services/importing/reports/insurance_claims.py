"""The insurance claims report: which claims were sent, and how each stands. Newest word wins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.differences import in_words
from fscdesk.services.importing.readers.insurance_claims import InsuranceClaimRow
from fscdesk.services.importing.report_signatures import INSURANCE_CLAIMS
from fscdesk.services.importing.reports.claims_book import (
    FIRST_WORDS,
    LONGEST,
    LONGEST_WORD,
    NOUN,
    ClaimNow,
    ClaimsBook,
    ClaimStep,
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
from fscdesk.services.spreadsheets.cells import read_payer
from fscdesk.services.work import Topic, Work

FILED_WITHIN = timedelta(days=400)
"""How long before it was sent a claim's session may be: payers take claims for a year at most."""


class InsuranceClaims(ReportKind[InsuranceClaimRow]):
    """Keeps each claim by its reference, and brings its session forward where it is known."""

    profile = INSURANCE_CLAIMS
    topics = (Topic.SESSIONS,)

    def named(self, row: InsuranceClaimRow) -> Named:
        """Return client and payer; the report has no clinician."""
        return Named(row.client, payer=read_payer(row.payer), day=row.submitted_on)

    def begin(self, planning: Planning[InsuranceClaimRow]) -> ClaimsBook:
        """Read the claims and the sessions that they may be of."""
        report, today = planning.report, planning.work.today()
        first, last = report.first_day or today, report.last_day or today
        return read_claims(planning.work, first - FILED_WITHIN, last)

    def which(
        self, planning: Planning[InsuranceClaimRow], at: int, patients: Sequence[int]
    ) -> int | None:
        """Tell clients of one name apart: by a claim that is known, else by the payer."""
        book: ClaimsBook = planning.state
        claim = book.claims.get(planning.report.rows[at].clearinghouse_reference)
        if claim is not None and claim.patient_id in patients:
            return claim.patient_id
        payer = planning.names.payer_of[at]
        covered = (one for one in book.sessions.values() if one.payer_id == payer)
        return None if payer is None else one_of(patients, covered)

    def plan_row(
        self, planning: Planning[InsuranceClaimRow], at: int, row: InsuranceClaimRow
    ) -> Decision:
        """Say what a row makes or changes of a claim, and of its session."""
        book: ClaimsBook = planning.state
        patient_id = planning.patient(at)
        if patient_id is None:
            reason = f"{WAITS} its client, who is not in the books"
            return Decision(Verdict.SKIPPED, reason=reason)
        if row.payer and planning.payer(at) is None and not book.has_sessions(patient_id):
            # Without a payer nothing would tell two clients of one name apart.
            reason = f"{WAITS} its payer, who is not in the books"
            return Decision(Verdict.SKIPPED, reason=reason)
        reference = _reference(planning, at, row, patient_id)
        first = book.seen.setdefault(reference, row.line)
        if first != row.line:
            reason = f"Row {first} has the same claim"
            return Decision(Verdict.SKIPPED, reason=reason)
        now = book.claims.get(reference)
        session_id = now.session_id if now is not None and now.session_id else None
        session_id = session_id or book.allocated.get(reference)
        session = None if session_id is None else book.sessions.get(session_id)
        word = row.status.strip().casefold()[:LONGEST_WORD]
        said: dict[str, Any] = {
            "payer_claim": row.payer_claim[:LONGEST],
            "patient_id": patient_id,
            "payer_id": planning.payer(at),
            "session_id": session_id,
            "submitted_on": row.submitted_on,
            "status": word,
        }
        status = ahead(word, session)
        if word == "rejected":
            planning.findings.append(
                Finding(
                    "claim-rejected",
                    f"The claim of {row.client} was rejected, so the payer never had it. Mend it "
                    "and send it again.",
                    f"line {row.line}",
                    Severity.WARNING,
                )
            )
        reason = "SimplePractice says denied" if word == "denied" else f"SimplePractice says {word}"
        if now is None:
            step = ClaimStep(None, {"reference": reference, **said}, session_id, status, reason)
            told = f"Claim {row.clearinghouse_reference or 'without a reference'}, {word}"
            return Decision(Verdict.NEW, what=told, step=step, session_id=session_id)
        values = _differing(now, said, newer=planning.day >= now.said_on)
        known: dict[str, Any] = {"noun": NOUN, "noun_id": now.id, "session_id": session_id}
        if not values and status is None:
            return Decision(Verdict.UNCHANGED, reason="Nothing changed", **known)
        changes = changes_of(now, values, session, status)
        told = in_words(changes)
        step = ClaimStep(now.id, values, session_id, status, reason)
        return Decision(Verdict.CHANGED, what=told, step=step, changes=changes, **known)

    def apply(self, applying: Applying) -> None:
        """Write the claims and bring sessions forward."""
        write_claims(applying)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Take the claims back."""
        return take_claims_back(work, batch)


def _reference(
    planning: Planning[InsuranceClaimRow], at: int, row: InsuranceClaimRow, patient_id: int
) -> str:
    """Return what makes the claim the same; without a reference client, day and payer do."""
    if row.clearinghouse_reference:
        return row.clearinghouse_reference[:LONGEST]
    return f"sent {row.submitted_on:%Y-%m-%d}|{patient_id}|{planning.payer(at) or ''}"


def _differing(now: ClaimNow, said: dict[str, Any], *, newer: bool) -> dict[str, Any]:
    """Return what the row changes: an older file fills only what is not known yet.

    That a claim is listed as unpaid says only that it was sent; any word is newer than that.
    """
    found = {}
    for name, value in said.items():
        was = getattr(now, name)
        if value in (None, "") or value == was:
            continue
        weak = was in (None, "") or (name == "status" and was in FIRST_WORDS)
        if newer or weak:
            found[name] = value
    return found
