"""The income allocation: which payment paid which session. It moves no money by itself.

What it says is kept, so that payments find their sessions by it, now or when they come. Its
ClinicianId knows a clinician again under every spelling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fscdesk.models.charge import Side
from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.income_allocation import (
    CLIENT,
    INSURANCE,
    AllocationRow,
)
from fscdesk.services.importing.report_signatures import INCOME_ALLOCATION, PAYER_ALLOCATION
from fscdesk.services.importing.reports.allocation_rows import (
    Share,
    keys_of,
    known_keys,
    store_shares,
)
from fscdesk.services.importing.reports.known_payments import (
    PATIENT,
    PAYER,
    KnownPayment,
    Owner,
    WhoPaid,
    payments_between,
)
from fscdesk.services.importing.reports.payments_undone import forget_rows
from fscdesk.services.importing.reports_engine import (
    Applying,
    Decision,
    Kept,
    Named,
    Planning,
    ReportKind,
)
from fscdesk.services.patients.names import alias_key
from fscdesk.services.spreadsheets.cells import PayerName
from fscdesk.services.work import Topic, Work

Plan = Planning[AllocationRow]
_SIDES = {CLIENT: Side.PATIENT, INSURANCE: Side.INSURANCE}


@dataclass(slots=True)
class _State:
    keys: list[tuple[str, int]]
    known: dict[str, int]
    payments: list[KnownPayment]
    who_paid: WhoPaid | None = None


class IncomeAllocation(ReportKind[AllocationRow]):
    """Rows become reported allocations."""

    profile: ClassVar[str] = INCOME_ALLOCATION
    makes_clients: ClassVar[bool] = True
    makes_others: ClassVar[bool] = True
    settles: ClassVar[bool] = True
    topics: ClassVar[tuple[Topic, ...]] = (Topic.PAYMENTS,)

    def named(self, row: AllocationRow) -> Named:
        """Return the client, the clinician, and of insurance money the payer."""
        payer = PayerName(row.payer, "") if row.source == INSURANCE and row.payer else None
        return Named(row.client, row.clinician, payer, row.clinician_id, row.paid_on)

    def begin(self, planning: Plan) -> _State:
        """Read which shares are stored, and which payments of these days are here."""
        rows, report = planning.report.rows, planning.report
        keys = keys_of("al|", [_facts(row) for row in rows])
        first, last = report.first_day or planning.day, report.last_day or planning.day
        return _State(
            keys,
            known_keys(planning.work, [key for key, _ in keys]),
            payments_between(planning.work, first, last),
        )

    def which(self, planning: Plan, at: int, patients: Sequence[int]) -> int | None:
        """Say which client of a shared name is meant where the clinician does not tell."""
        state: _State = planning.state
        row = planning.report.rows[at]
        if state.who_paid is None:
            state.who_paid = WhoPaid(planning.work)
        day = row.appointment_day or row.paid_on or planning.day
        return state.who_paid.one_of(patients, day, row.amount)

    def plan_row(self, planning: Plan, at: int, row: AllocationRow) -> Decision:
        """Say whether a share is new."""
        state: _State = planning.state
        key, _occurrence = state.keys[at]
        if row.source not in _SIDES:
            return Decision(
                Verdict.SKIPPED, reason=f"“{row.source}” is no source that fscdesk knows"
            )
        if row.paid_on is None:
            return Decision(Verdict.SKIPPED, reason="The row has no day on which it was paid")
        if planning.patient(at) is None:
            return Decision(Verdict.SKIPPED, reason=f"“{row.client}” could not be placed")
        if key in state.known:
            return Decision(
                Verdict.UNCHANGED,
                reason="This share is known",
                noun="reported_allocation",
                noun_id=state.known[key],
            )
        return Decision(Verdict.NEW, what=_words(row), step=key)

    def end(self, planning: Plan) -> None:
        """Say how many payments the report speaks of that are not here."""
        client, payer = _missing(planning)
        told = [
            words
            for words in (
                _not_here(client, "payment"),
                _not_here(payer, "payer’s payment"),
            )
            if words
        ]
        for words in told:
            planning.findings.append(
                Finding(
                    "payments-not-here",
                    f"{words} not here yet: import the payment export. What this report says"
                    " is kept until then.",
                    "",
                    Severity.WARNING,
                )
            )

    def apply(self, applying: Applying) -> None:
        """Store the new shares."""
        state: _State = applying.prepared.state
        shares = []
        for step in applying.steps:
            row: AllocationRow = applying.row(step)
            key, occurrence = state.keys[step.at]
            names = applying.prepared.names
            shares.append(
                Share(
                    key=key,
                    occurrence=occurrence,
                    side=_SIDES[row.source],
                    patient_id=applying.patient(names.patient(step.at)),
                    provider_id=applying.provider(names.provider_of[step.at]),
                    paid_on=row.paid_on or applying.on,
                    session_day=row.appointment_day,
                    codes=row.codes,
                    document=row.document,
                    reference=row.reference,
                    amount=row.amount,
                )
            )
        ids = store_shares(applying.work, shares, batch_id=applying.batch.id)
        for step, ident in zip(applying.steps, ids, strict=True):
            applying.kept[step.row_id] = Kept("reported_allocation", ident)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Forget the shares."""
        return forget_rows(work, ReportedAllocation, batch)


class PayerAllocation(ReportKind[AllocationRow]):
    """The tab by payer: sums that only the first tab explains. Nothing of it is kept."""

    profile: ClassVar[str] = PAYER_ALLOCATION
    makes_others: ClassVar[bool] = False

    def named(self, row: AllocationRow) -> Named:
        """Return the payer and the clinician."""
        payer = PayerName(row.payer, "") if row.payer else None
        return Named("", row.clinician, payer, row.clinician_id, row.paid_on)

    def plan_row(self, planning: Plan, at: int, row: AllocationRow) -> Decision:
        """Leave every row out, and say why."""
        del planning, at, row
        return Decision(
            Verdict.SKIPPED,
            reason="Sums by payer and clinician: the tab of current payments has each share",
        )

    def apply(self, applying: Applying) -> None:
        """Write nothing."""
        del applying

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Take nothing back."""
        del work, batch
        return 0


def _facts(row: AllocationRow) -> tuple[object, ...]:
    """Return what makes a share the same; its document names the client better than the name."""
    who = row.document or alias_key(row.client)
    return (
        *(row.source, who, row.paid_on, row.appointment_day, row.reference),
        *(row.amount.cents, row.codes),
    )


def _words(row: AllocationRow) -> str:
    if row.appointment_day is None:
        return f"{row.amount}: {row.description or 'paid no session'}"
    day = f"{row.appointment_day:%m/%d/%Y}"
    if row.amount.cents < 0:
        return f"{row.amount} of the session of {day}: {row.description}"
    return f"{row.amount} paid the session of {day}"


def _not_here(count: int, what: str) -> str:
    if not count:
        return ""
    return f"1 {what} is" if count == 1 else f"{count} {what}s are"


def _missing(planning: Plan) -> tuple[int, int]:
    """Count the clients' payments and the payers' checks that no payment here can be."""
    state: _State = planning.state
    here: dict[tuple[Owner, date], int] = defaultdict(int)
    checks: dict[tuple[int, str], int] = defaultdict(int)
    for one in state.payments:
        if one.patient_id is not None:
            here[(PATIENT, one.patient_id), one.received_on] += one.amount.cents
        elif one.owner[0] == PAYER:
            checks[one.owner[1], one.reference] += one.amount.cents
    paid: dict[tuple[Owner, date], list[int]] = defaultdict(list)
    wanted: dict[tuple[int, str], int] = defaultdict(int)
    for at, row in enumerate(planning.report.rows):
        patient_id, payer_id = planning.patient(at), planning.payer(at)
        if row.paid_on is None or row.amount <= Money():
            continue
        if row.source == CLIENT and patient_id is not None:
            paid[(PATIENT, patient_id), row.paid_on].append(row.amount.cents)
        elif row.source == INSURANCE and payer_id is not None:
            wanted[payer_id, row.reference] += row.amount.cents
    lacking = 0
    for key, amounts in paid.items():
        room = here[key]
        for cents in sorted(amounts):
            lacking += cents > room
            room -= min(cents, room)
    return lacking, sum(not checks[key] for key in wanted)
