"""Outstanding balances of clients, compared with ours. Nothing is written to the books."""

from __future__ import annotations

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.outstanding_balances import OutstandingRow
from fscdesk.services.importing.report_signatures import OUTSTANDING_BALANCES
from fscdesk.services.importing.reports.comparing import (
    TOO_EARLY,
    Figures,
    Line,
    Side,
    drop_lines,
    keep_lines,
    read_figures,
    verdict,
    why,
)
from fscdesk.services.importing.reports_engine import (
    Applying,
    Decision,
    Named,
    Planning,
    ReportKind,
)
from fscdesk.services.work import Work

WHAT = "client_balance"


class OutstandingBalances(ReportKind[OutstandingRow]):
    """Compares what each client owes for each clinician (not invoiced and unpaid) with ours."""

    profile = OUTSTANDING_BALANCES

    def named(self, row: OutstandingRow) -> Named:
        """Return client and clinician."""
        return Named(row.client, row.clinician)

    def begin(self, planning: Planning[OutstandingRow]) -> Figures:
        """Read our figures."""
        return read_figures(planning.work)

    def plan_row(
        self, planning: Planning[OutstandingRow], at: int, row: OutstandingRow
    ) -> Decision:
        """Compare one client's balance."""
        patient_id, provider_id = planning.patient(at), planning.provider(at)
        figures: Figures = planning.state
        if not figures.clients:
            return Decision(Verdict.SKIPPED, reason=TOO_EARLY)
        if patient_id is None or (row.clinician and provider_id is None):
            who = "client" if patient_id is None else "clinician"
            reason = f"Its {who} is not in the books"
            balance = row.client_balance
            figures.lines.append(Line(row.line, WHAT, patient_id, None, balance, ZERO, reason))
            return Decision(Verdict.SKIPPED, reason=reason)
        side = _side(figures, patient_id, provider_id)
        theirs = row.client_balance
        reason = why(side, theirs.cents)
        line = Line(row.line, WHAT, patient_id, None, theirs, Money(side.open), reason)
        figures.lines.append(line)
        if reason:
            planning.findings.append(
                Finding(
                    "balance-differs",
                    f"SimplePractice says {theirs}, here it is {line.ours}: {reason}.",
                    f"line {row.line}",
                    Severity.WARNING,
                )
            )
        return verdict([line])

    def end(self, planning: Planning[OutstandingRow]) -> None:
        """Add the clients who owe something here and are not in the report."""
        figures: Figures = planning.state
        if planning.lines is not None:
            return
        listed = {line.patient_id for line in figures.lines}
        waiting = {
            patient_id
            for at in range(len(planning.report.rows))
            if (patient_id := planning.patient(at)) is not None
        }
        owing: dict[int, Side] = {}
        for (patient_id, _provider_id), side in sorted(figures.clients.items()):
            if patient_id in listed or patient_id in waiting or not side.open:
                continue
            _merge(owing.setdefault(patient_id, Side()), side)
        for patient_id, side in owing.items():
            reason = why(side, 0, listed=False)
            figures.lines.append(Line(0, WHAT, patient_id, None, ZERO, Money(side.open), reason))
        if owing:
            one = len(owing) == 1
            count = "1 client owes" if one else f"{len(owing):,} clients owe"
            total = Money(sum(side.open for side in owing.values()))
            planning.findings.append(
                Finding(
                    "not-listed",
                    f"{count} {total} here and {'is' if one else 'are'} not in the report. The "
                    "comparison with SimplePractice names each of them.",
                    "",
                    Severity.WARNING,
                )
            )

    def apply(self, applying: Applying) -> None:
        """Keep the comparison."""
        keep_lines(applying)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Forget the comparison."""
        return drop_lines(work, batch)


def _side(figures: Figures, patient_id: int, provider_id: int | None) -> Side:
    """Return our figures of a client: with one clinician, or with all where none is named."""
    if provider_id is not None:
        return figures.clients.get((patient_id, provider_id), Side())
    whole = Side()
    for (patient, _provider), side in figures.clients.items():
        if patient == patient_id:
            _merge(whole, side)
    return whole


def _merge(whole: Side, part: Side) -> None:
    for name in Side.__slots__:
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
