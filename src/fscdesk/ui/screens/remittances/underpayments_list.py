"""The Underpaid tab: services for which a payer gave less than its fee schedule says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.claims.underpaid import UnderpaymentDetail, underpayment_detail
from fscdesk.services.paging import Page, Span
from fscdesk.services.remittances.underpayments import (
    TOPICS,
    VIEWS,
    UnderpaymentFilter,
    UnderpaymentRow,
    page_of_underpayments,
    underpayment_counts,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.wording import status_mark
from fscdesk.ui.screens.remittances.underpayment_acts import (
    NO_CLAIM,
    NOT_NOW,
    UnderpaymentActs,
    why_not_accepted,
)
from fscdesk.ui.screens.remittances.underpayment_history import HistoryPage
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, View
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status

NOUN = ("underpayment", "underpayments")
VIEW, DAY, PAYER, CODE = "view", "day", "payer", "code"
_ALL = Span(0, 1_000_000, "day")
_GOOD_NEWS = {"open": "No payer owes a rest of its fees."}


def underpayments_part(
    shell: Shell, window: QWidget, keeping: Keeping, today: Callable[[], date]
) -> PaneTab[UnderpaymentRow]:
    """Return the tab."""
    acts = UnderpaymentActs(shell, window, today)
    return PaneTab(
        shell,
        underpayments_spec(shell, acts),
        keeping=keeping,
        follows=TOPICS | {Topic.CLAIMS},
        opens=acts.open,
    )


def underpayments_spec(shell: Shell, acts: UnderpaymentActs) -> ListSpec[UnderpaymentRow]:
    """Return the declaration of the list."""
    return ListSpec(
        key="underpayments",
        name="Underpayments",
        title=False,
        columns=_columns(shell.practice.patient),
        query=ask_page,
        noun=NOUN,
        filters=(
            DayFilter(DAY, "Service"),
            ChoiceFilter(PAYER, "Payer", ask=_payers),
            ChoiceFilter(CODE, "Code", ask=_codes),
        ),
        views=tuple(
            View(
                key,
                word,
                FilterState() if key == "all" else FilterState().with_values(VIEW, (key,)),
                good_news=_GOOD_NEWS.get(key, ""),
                counted=key != "all",
            )
            for key, word in VIEWS.items()
        ),
        row_acts=acts.row_acts(),
        ticking=False,
        sort="short",
        descending=True,
        topics=TOPICS,
        empty=Empty("No payer gave less than its fee schedule says.", "circle-check"),
        none_words=_none,
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        all_total=lambda work: underpayment_counts(work)["all"],
        view_counts=_counts,
        detail=_pane(acts, shell.practice.patient),
    )


def question_of(work: Work, state: FilterState) -> UnderpaymentFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    return UnderpaymentFilter.of(
        {
            "text": state.text.strip(),
            "day": state.ends(DAY, work.today()),
            "view": next(iter(state.values(VIEW)), "all"),
            PAYER: state.values(PAYER),
            CODE: state.values(CODE),
        }
    )


def ask_page(work: Work, state: FilterState, span: Span) -> Page[UnderpaymentRow]:
    """Return a span of the underpayments that a state asks for."""
    return page_of_underpayments(work, question_of(work, state), span)


def _counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    span = Span(0, 0, "day")
    return {key: ask_page(work, state, span).total for key, state in states.items()}


def _payers(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.short_name) for row in payers(work)]


def _codes(work: Work, state: FilterState) -> Sequence[Choice]:
    found = {row.code for row in ask_page(work, state, _ALL).rows}
    return [Choice(code, code) for code in sorted(found)]


def _none(state: FilterState) -> str:
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys else ""
    return f"No underpayments{found}{others}."


def _columns(patient: str) -> tuple[Column[UnderpaymentRow], ...]:
    return (
        date_column("day", "Service", lambda row: row.day, priority=1),
        Column("patient", patient, lambda row: row.patient, names=True, priority=1),
        Column("payer", "Payer", lambda row: row.payer, width=112, priority=2),
        Column("code", "Code", lambda row: row.code, width=60, priority=2),
        badge_column("mark", "Status", _mark, width=112, sortable=False, priority=2),
        date_column("paid_on", "Paid on", lambda row: row.paid_on, priority=6),
        Column(
            "reasons",
            "Reasons",
            lambda row: ", ".join(row.reasons),
            width=88,
            sortable=False,
            priority=7,
        ),
        Column("number", "Remittance", lambda row: row.number, width=130, priority=8, shown=False),
        money_column("expected", "Expected", lambda row: row.expected, width=80, priority=3),
        money_column("allowed", "Allowed", lambda row: row.allowed, width=76, priority=4),
        money_column("paid", "Paid", lambda row: row.paid, width=72, priority=5, states_zero=True),
        money_column("short", "Short", _short, width=76, priority=1, strong=True),
    )


def _short(row: UnderpaymentRow) -> Money:
    return row.short or row.was_short


def _mark(row: UnderpaymentRow) -> Status:
    if row.corrected_on is not None:
        return Status("Corrected", "green", "circle-check")
    if row.accepted_why:
        return Status("Accepted", "slate", "check")
    return Status("Short", "orange", "triangle-alert")


def _pane(acts: UnderpaymentActs, patient: str) -> DetailSpec[UnderpaymentRow, UnderpaymentDetail]:
    return DetailSpec(
        ask=underpayment_detail,
        head=partial(_head, acts),
        tabs=(
            Tab("history", "History", lambda: HistoryPage(acts.open_day)),
            Tab("facts", "Facts", lambda: FactsPage("Facts", partial(_facts, patient))),
        ),
        nothing="Choose an underpayment to see what this payer gave so far.",
    )


def _head(acts: UnderpaymentActs, found: UnderpaymentDetail) -> PaneHead:
    row, claim = found.row, found.claim
    code = " ".join(part for part in (row.code, row.modifiers) if part)
    badges = [_mark(row)]
    if claim is not None:
        badges.append(status_mark(claim.status.value))
    return PaneHead(
        name=row.patient,
        line=f"{row.payer}, {code} of {day_text(row.day)}",
        badges=tuple(badges),
        figures=(
            Figure("Expected", row.expected),
            Figure("Given", row.paid + row.patient_share),
            Figure(
                "Short" if row.corrected_on is None else "Was short", row.short or row.was_short
            ),
        ),
        next_steps=_steps(acts, found),
        more=(
            *_leaving(acts, row),
            NextStep("Open the account", partial(acts.open_account, row), "users"),
        ),
    )


def _leaving(acts: UnderpaymentActs, row: UnderpaymentRow) -> tuple[NextStep, ...]:
    """Return what leaves a row at what was paid, or takes it up again."""
    if row.accepted_why:
        return (NextStep("Take it up again", partial(acts.take_up, row), "rotate-ccw"),)
    return (NextStep("Accept…", partial(acts.accept, row), "check", why_not_accepted(row)),)


def _steps(acts: UnderpaymentActs, found: UnderpaymentDetail) -> tuple[NextStep, ...]:
    """Return the buttons: ask for the rest while it is short, argue where something was denied."""
    claim, steps = found.claim, []
    if claim is None:
        steps.append(NextStep("Open the session", partial(acts.open_session, found.row)))
    else:
        open_claim = NextStep("Open the claim", partial(acts.open_found, found), "file-text")
        if found.row.corrected_on is None and not found.row.accepted_why:
            steps.append(NextStep("Ask the payer…", partial(acts.ask_payer, claim)))
        steps.append(open_claim)
    steps.append(NextStep("Remittance", partial(acts.open_remittance, found), "scroll-text"))
    if claim is not None:
        why = "" if "appeal" in found.may or claim.status.value == "appealing" else NOT_NOW
        steps.append(NextStep("Appeal", partial(acts.appeal, claim), "scale", why))
    return tuple(steps)


def _facts(patient: str, found: UnderpaymentDetail) -> list[Section]:
    row, claim = found.row, found.claim

    def money(label: str, amount: Money, *, strong: bool = False) -> Fact:
        return Fact(label, (money_text(amount, zero_dash=False),), strong)

    sums = [
        money("Billed", row.billed),
        money("Expected", row.expected),
        money("Allowed", row.allowed),
        money("Paid", row.paid),
        money(f"{patient}’s part", row.patient_share),
        money("Was short", row.was_short),
        money("Short today", row.short, strong=True),
    ]
    said = [Fact("Remittance", (f"{row.number} of {day_text(row.paid_on)}",))]
    if row.reasons:
        said.append(Fact("Taken off as", (", ".join(row.reasons),)))
    said.append(Fact("Claim", (claim.number if claim is not None else NO_CLAIM,)))
    if claim is not None and claim.next_action:
        on = f" on {day_text(claim.next_action_on)}" if claim.next_action_on else ""
        said.append(Fact("Next", (f"{claim.next_action}{on}",)))
    if row.accepted_why:
        said.append(Fact("Accepted", (row.accepted_why,)))
    if row.corrected_on is not None:
        said.append(Fact("Corrected", (day_text(row.corrected_on),)))
    return [Section("Its money", tuple(sums)), Section("Where it stands", tuple(said))]
