"""SimplePractice's totals beside ours, line by line: the reconciliation with SimplePractice."""

from __future__ import annotations

from collections.abc import Mapping

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.simplepractice_comparison import (
    ComparedLine,
    ComparisonFilter,
    compared_reports,
    page_of_comparison,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, Press, RowsAct, View
from fscdesk.ui.text import count_text

REPORT, DIFFERS = "report", "differs"
OUTSTANDING, AGING = "outstanding", "aging"
_VIEWS = {OUTSTANDING: (0, "Outstanding balances"), AGING: (1, "Insurance aging")}
_NOTHING: Page[ComparedLine] = Page(0, 0, ())


def comparison_spec(shell: Shell) -> ListSpec[ComparedLine]:
    """Return the declaration of the list; a view is the newest import of one report."""
    patients = shell.practice.patient
    press = None
    if shell.has("importing"):
        press = Press("Import files", lambda: shell.open("importing"))
    sentence = (
        "Nothing was compared yet. Import SimplePractice's outstanding balances or its insurance"
        " aging."
    )
    return ListSpec(
        key="comparison",
        name="Compared with SimplePractice",
        title=False,
        columns=_columns(),
        query=_ask_page,
        noun=("figure", "figures"),
        filters=(ChoiceFilter(DIFFERS, "Shown", (Choice("yes", "Only what differs"),)),),
        views=tuple(
            View(key, name, FilterState().with_values(REPORT, (key,)))
            for key, (_at, name) in _VIEWS.items()
        ),
        row_acts=(
            RowsAct(
                "open",
                f"Open the {patients.lower()}",
                lambda rows: shell.open("patients", patient=rows[0].patient_id),
                shortcut="Ctrl+L",
                off_because=lambda rows: (
                    "" if rows[0].patient_id is not None else "This figure is a payer's."
                ),
            ),
        ),
        ticking=False,
        sort="who",
        topics=frozenset({Topic.IMPORTS}),
        empty=Empty(sentence, "scale", press),
        none_words=_none_words,
        none_press=lambda state: press if _never_read(state) else None,
        totals_words=_totals_words,
        all_total=lambda work: sum(one.lines for one in compared_reports(work)),
        least_width=760,
    )


def _columns() -> tuple[Column[ComparedLine], ...]:
    return (
        Column("who", "Client or payer", lambda row: row.who, width=240, priority=0, names=True),
        Column("number", "Number", lambda row: row.number, width=96, priority=4, sortable=False),
        Column("figure", "Figure", lambda row: row.figure, width=120, priority=1),
        money_column("theirs", "SimplePractice", lambda row: row.theirs, width=124, priority=0),
        money_column("ours", "fscdesk", lambda row: row.ours, width=112, priority=0),
        money_column("difference", "Difference", lambda row: row.difference, width=112, priority=0),
        Column("reason", "Why", lambda row: row.reason, width=320, priority=2, sortable=False),
    )


def _ask_page(work: Work, state: FilterState, span: Span) -> Page[ComparedLine]:
    view = next(iter(state.values(REPORT)), OUTSTANDING)
    title = _VIEWS[view][1]
    batch = next((one for one in compared_reports(work) if _is_of(one.report, title)), None)
    if batch is None:
        return _NOTHING
    differing = bool(state.values(DIFFERS))
    wanted = ComparisonFilter(batch.batch_id, differing=differing, text=state.text)
    return page_of_comparison(work, wanted, span)


def _is_of(report: str, title: str) -> bool:
    return title.lower() in report.lower()


def _none_words(state: FilterState) -> str:
    if _never_read(state):
        view = next(iter(state.values(REPORT)), OUTSTANDING)
        verb = "were" if view == OUTSTANDING else "was"
        return f"SimplePractice's {_VIEWS[view][1].lower()} {verb} not imported yet."
    return "" if state.text else "Every figure agrees."


def _never_read(state: FilterState) -> bool:
    """Whether nothing is shown because the report is missing: nothing narrows the list."""
    return not state.text and not state.values(DIFFERS)


def _totals_words(total: int, sums: Mapping[str, Money]) -> str:
    theirs, ours = sums.get("theirs", Money()), sums.get("ours", Money())
    words = count_text(total, "figure", "figures")
    return f"{words}, in agreement" if theirs == ours else f"{words}, {theirs - ours} apart"
