"""The financial statements as tables for paper and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from fscdesk.services.reports.books import Cut
from fscdesk.services.reports.budget_variance import BudgetVariance
from fscdesk.services.reports.earned import percent
from fscdesk.services.reports.financial import Financial, FinancialRow, Proof, RowKind
from fscdesk.services.reports.roll_forward import COLUMNS, RollForward, RollRow
from fscdesk.services.reports.tie_out import TieOut
from fscdesk.services.reports.trial_balance import TrialBalance
from fscdesk.services.setup.practice import practice
from fscdesk.services.table_report import Cell, ReportColumn, RowLook, TableReport
from fscdesk.services.work import Work


def table_of(
    work: Work,
    title: str,
    columns: tuple[ReportColumn, ...],
    rows: Sequence[tuple[Cell, ...]],
    *,
    as_of: date | None = None,
    filters: tuple[str, ...] = (),
    totals: tuple[Cell, ...] | None = None,
    notes: tuple[str, ...] = (),
    looks: tuple[RowLook, ...] = (),
) -> TableReport:
    """Return a table with the practice's name above it, and who made it when."""
    return TableReport(
        title=title,
        columns=columns,
        rows=rows,
        printed_by=work.actor.name,
        printed_at=work.now().astimezone(work.zone),
        as_of=as_of,
        filters=filters,
        totals=totals,
        notes=notes,
        looks=looks,
        practice=practice(work).fields.name,
    )


CENTRES_IN_FORCE = (
    "A session counts for the cost centre that its clinician had on the day of service; a journal"
    " line that names a centre counts for that one."
)
"""What a report by cost centre says below its rows."""


def proof_words(proofs: Sequence[Proof]) -> tuple[str, ...]:
    """Return each proof as a sentence that says by how much it misses, if it does."""
    return tuple(
        f"{one.words}: off by {one.difference}." if one.difference else f"{one.words}."
        for one in proofs
    )


def financial_table(work: Work, found: Financial) -> TableReport:
    """Return a statement as a table: headings and totals stand as rows of their own."""
    compared = found.compare is not None
    columns = [ReportColumn("account", "Account"), ReportColumn("name", "Name")]
    columns += [
        ReportColumn(f"amount_{at}" if at else "amount", column.title, "money")
        for at, column in enumerate(found.columns)
    ]
    if compared:
        columns += [
            ReportColumn("change", "Change", "money"),
            ReportColumn("change_percent", "Change %", "percent"),
        ]
    filters = () if found.period is None else (found.period.words,)
    by_centre = any(column.cut is Cut.COST_CENTRE for column in found.columns)
    return table_of(
        work,
        found.title,
        tuple(columns),
        [_cells(row, len(found.columns), compared=compared) for row in found.rows],
        as_of=found.as_of,
        filters=filters,
        notes=(
            *proof_words(found.proofs),
            *found.notes,
            *((CENTRES_IN_FORCE,) if by_centre else ()),
        ),
        looks=tuple(RowLook(row.depth, row.kind is not RowKind.LINE) for row in found.rows),
    )


def _cells(row: FinancialRow, wide: int, *, compared: bool) -> tuple[Cell, ...]:
    if not row.amounts:
        return (row.account, row.label, *(None,) * (wide + 2 * compared))
    cells: tuple[Cell, ...] = (row.account, row.label, *row.amounts)
    if not compared:
        return cells
    now, then = row.amounts
    change = now - then
    # From a loss to a gain, or back, no percentage says anything.
    across = (now.cents < 0) != (then.cents < 0)
    return (*cells, change, None if across else percent(change.cents, abs(then).cents))


def trial_balance_table(work: Work, found: TrialBalance) -> TableReport:
    """Return the trial balance; with a comparison also the other day's balance and the change."""
    columns: tuple[ReportColumn, ...] = (
        ReportColumn("account", "Account"),
        ReportColumn("name", "Name"),
        ReportColumn("debit", "Debit", "money", total=True),
        ReportColumn("credit", "Credit", "money", total=True),
    )
    rows: list[tuple[Cell, ...]] = [
        (row.account, row.name, row.debit or None, row.credit or None) for row in found.rows
    ]
    totals: tuple[Cell, ...] = ("Total", None, found.debit, found.credit)
    if found.before is not None:
        columns += (
            ReportColumn("before", f"Balance {found.before:%m/%d/%Y}", "money"),
            ReportColumn("change", "Change", "money"),
        )
        rows = [
            (*cells, row.before, row.balance - row.before)
            for cells, row in zip(rows, found.rows, strict=True)
        ]
        totals = (*totals, None, None)
    words = "Debits equal credits"
    table = table_of(
        work,
        "Trial balance",
        columns,
        rows,
        as_of=found.as_of,
        totals=totals,
        notes=proof_words((Proof(words, found.difference),)),
    )
    return replace(table, proves=True)


def roll_forward_table(work: Work, found: RollForward) -> TableReport:
    """Return the roll-forward: an account in each row, what moved it in columns."""
    columns = (
        ReportColumn("account", "Account"),
        ReportColumn("name", "Name"),
        ReportColumn("opening", "Opening", "money", total=True),
        *(ReportColumn(key, title, "money", total=True) for key, title, _parts in COLUMNS),
        ReportColumn("closing", "Closing", "money", total=True),
    )

    def cells(row: RollRow) -> tuple[Cell, ...]:
        return (row.account, row.name, row.opening, *row.moved, row.closing)

    last = found.period.last
    closes = f"Opening and movements come to the closing of {last:%m/%d/%Y}"
    return table_of(
        work,
        "A/R roll-forward",
        columns,
        [cells(row) for row in found.rows],
        filters=(found.period.words,),
        totals=("Total", None, *cells(found.total)[2:]),
        notes=(
            *proof_words((Proof(closes, found.total.difference),)),
            *_recorded_words(found),
            found.tie.words,
            *found.tie.offenders,
        ),
    )


def _recorded_words(found: RollForward) -> Iterator[str]:
    """Say what payments and adjustments are beside the reports that leave account 1060 out."""
    if paid := found.recorded.paid:
        yield (
            f"Payments of {found.paid} are {found.received} received here and {paid} that"
            " SimplePractice alone calls paid (account 1060)."
        )
    if off := found.recorded.written_off:
        yield (
            f"Adjustments of {found.adjusted} are {found.decided} decided here and {off} that"
            " SimplePractice alone wrote off (account 1060)."
        )


def tie_out_table(work: Work, found: TieOut) -> TableReport:
    """Return the three figures under each other."""
    columns = (
        ReportColumn("side", "Of"),
        ReportColumn("account", "Account"),
        ReportColumn("name", "Name"),
        ReportColumn("amount", "Amount", "money"),
    )
    sums = {
        "Aging, with what stands outside it",
        "Accounts of clients and payers",
        "Accounts, with what stands outside them",
        "General ledger",
    }
    return table_of(
        work,
        "Tie-out of receivables",
        columns,
        [(row.side, row.account, row.name, row.amount) for row in found.rows],
        as_of=found.as_of,
        notes=(f"{found.tie.words}: difference {found.difference}.", *found.tie.offenders),
        looks=tuple(RowLook(strong=row.name in sums) for row in found.rows),
    )


def unfinished_words(work: Work, found: BudgetVariance) -> tuple[str, ...]:
    """Say how much of the months has passed, where they are not over; their budget is whole."""
    first, last, today = found.period.first, found.period.last, work.today()
    if last < today:
        return ()
    if first > today:
        return ("These months have not begun",)
    days, passed = (last - first).days + 1, (today - first).days + 1
    share = percent(passed, days)
    gone = f"{passed} of {days} days, {share:.0f} %"
    return (f"Not over: actual until {today:%m/%d/%Y} ({gone}), budget of whole months",)


def variance_table(work: Work, found: BudgetVariance) -> TableReport:
    """Return budget and actual; a difference that is good for the practice is positive."""
    centre = (ReportColumn("centre", "Cost centre"),) if found.by_centre else ()
    columns = (
        ReportColumn("account", "Account"),
        ReportColumn("name", "Name"),
        *centre,
        ReportColumn("budget", "Budget", "money"),
        ReportColumn("actual", "Actual", "money"),
        ReportColumn("better", "Better or worse", "money"),
        ReportColumn("used", "Of budget", "percent"),
    )
    return table_of(
        work,
        "Budget and actual",
        columns,
        [
            (
                *(row.account, row.name),
                *((row.centre,) if found.by_centre else ()),
                *(row.budget, row.actual, row.better, row.used),
            )
            for row in found.rows
        ],
        filters=(
            found.period.words,
            f"Budget: {', '.join(found.budgets)}",
            *unfinished_words(work, found),
        ),
        notes=(CENTRES_IN_FORCE,) if found.by_centre else (),
        looks=tuple(RowLook(strong=row.kind is RowKind.TOTAL) for row in found.rows),
    )
