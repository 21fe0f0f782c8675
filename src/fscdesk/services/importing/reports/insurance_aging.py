"""Insurance aging: what each payer owes in all, compared with ours. Nothing is written."""

from __future__ import annotations

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.insurance_aging import AgingRow
from fscdesk.services.importing.report_signatures import INSURANCE_AGING
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
from fscdesk.services.spreadsheets.cells import read_payer
from fscdesk.services.work import Work

UNBILLED, CHARGES, BALANCE = "unbilled", "total_charges", "balance"
TITLES = {UNBILLED: "Unbilled", CHARGES: "Total charges", BALANCE: "Balance due"}


class InsuranceAging(ReportKind[AgingRow]):
    """Compares three figures of each payer.

    Unbilled is the fee of sessions that were not sent, total charges the fee of the others, and
    the balance what is open of those, overpaid ones left out: that is how SimplePractice counts.
    """

    profile = INSURANCE_AGING

    def named(self, row: AgingRow) -> Named:
        """Return the payer."""
        return Named(payer=read_payer(row.payer))

    def begin(self, planning: Planning[AgingRow]) -> Figures:
        """Read our figures."""
        return read_figures(planning.work)

    def plan_row(self, planning: Planning[AgingRow], at: int, row: AgingRow) -> Decision:
        """Compare one payer's figures."""
        payer_id = planning.payer(at)
        figures: Figures = planning.state
        if not figures.clients:
            return Decision(Verdict.SKIPPED, reason=TOO_EARLY)
        if payer_id is None:
            reason = "Its payer is not in the books"
            figures.lines.append(Line(row.line, BALANCE, None, None, row.balance, Money(), reason))
            return Decision(Verdict.SKIPPED, reason=reason)
        side = figures.payers.get(payer_id, Side())
        lines = [
            _line(row, UNBILLED, payer_id, row.unbilled, side.unbilled),
            _line(row, CHARGES, payer_id, row.total_charges, side.billed),
            Line(
                *(row.line, BALANCE, None, payer_id, row.balance, Money(side.open)),
                why(side, row.balance.cents),
            ),
        ]
        figures.lines += lines
        for line in lines:
            if line.theirs != line.ours:
                planning.findings.append(
                    Finding(
                        "payer-differs",
                        f"{TITLES[line.what]}: SimplePractice says {line.theirs}, here it is "
                        f"{line.ours}: {line.reason}.",
                        f"line {row.line}",
                        Severity.WARNING,
                    )
                )
        return verdict(lines)

    def apply(self, applying: Applying) -> None:
        """Keep the comparison."""
        keep_lines(applying)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Forget the comparison."""
        return drop_lines(work, batch)


def _line(row: AgingRow, what: str, payer_id: int, theirs: Money, ours: int) -> Line:
    reason = ""
    if theirs.cents != ours:
        reason = (
            "The appointment report that was imported last has other sessions: export them again"
        )
    return Line(row.line, what, None, payer_id, theirs, Money(ours), reason)
