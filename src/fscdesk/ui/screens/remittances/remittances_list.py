"""The Remittances tab: every check of a payer that was read, and how far it is posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.services.remittances.listing import (
    VIEWS,
    RemittanceFilter,
    RemittanceOrigin,
    RemittanceRow,
    page_of_remittances,
    remittance_counts,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.list_acts import RemittanceListActs, why_not_aside
from fscdesk.ui.screens.remittances.page_words import going, notice_of
from fscdesk.ui.screens.remittances.reading import AskFiles, Reading
from fscdesk.ui.screens.remittances.sheet_rows import exceptions_of
from fscdesk.ui.screens.remittances.wording import (
    ORIGINS,
    STATUSES,
    claim_mark,
    method_word,
    page_mark,
    read_words,
    remittance_mark,
)
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, Press, View
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, moment_text, money_text

NOUN = ("remittance", "remittances")
PLACE, VIEW, NEEDS = "remittance", "view", "needs"
TOPICS = frozenset({Topic.REMITTANCES, Topic.PAYMENTS, Topic.PAYERS})
_GOOD_NEWS: Mapping[str, str] = {
    NEEDS: "Every remittance is posted.",
    "undone": "No remittance was undone.",
    "aside": "No remittance was set aside.",
}
_LOOKED_AT = 8
"""So many claims that need a look stand in the pane; the page has them all."""


class RemittancesPart(PaneTab[RemittanceRow]):
    """The list with its pane; Enter opens the page. Files can be dropped on it."""

    def __init__(self, shell: Shell, keeping: Keeping, ask_files: AskFiles | None = None) -> None:
        self._shell = shell
        self.reading = Reading(shell, lambda: self, self.open_, ask_files)
        acts = RemittanceListActs(shell, lambda: self)
        spec = _spec(shell, acts, self.open_, self.read)
        super().__init__(
            shell, spec, keeping=keeping, follows=TOPICS, opens=lambda row: self.open_(row.id)
        )
        self.reading.setParent(self)
        acts.setParent(self)
        self.setAcceptDrops(True)
        read = action(self, "Read a remittance…", self.read)
        line = self.list.line_row.layout()
        if isinstance(line, QHBoxLayout):
            line.insertWidget(1, Button(read.text(), "file-input", compact=True, on=self.read))

    def needs_you(self) -> None:
        """Show what needs a person, the newest first."""
        self.look_at(FilterState().with_values(VIEW, (NEEDS,)), NEEDS)

    def read(self) -> None:
        """Ask for files, and read them."""
        self.reading.choose()

    def open_(self, remittance_id: int) -> None:
        """Open the page of one."""
        if self._shell.has(PLACE):
            self._shell.open(PLACE, remittance=remittance_id)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.reading.read(paths)


def _spec(
    shell: Shell,
    acts: RemittanceListActs,
    open_: Callable[[int], None],
    read: Callable[[], None],
) -> ListSpec[RemittanceRow]:
    return ListSpec(
        key="remittances",
        name="Remittances",
        title=False,
        columns=_columns(shell.practice.zone),
        query=lambda work, state, span: page_of_remittances(work, question_of(work, state), span),
        noun=NOUN,
        filters=(
            DayFilter("day", "Paid on"),
            ChoiceFilter("payer", "Payer", ask=_payers),
            ChoiceFilter(
                "status",
                "Status",
                tuple(Choice(key.value, mark.word) for key, mark in STATUSES.items()),
                always=False,
            ),
            ChoiceFilter(
                "origin",
                "Came as",
                tuple(Choice(key.value, word) for key, word in ORIGINS.items()),
                always=False,
            ),
        ),
        views=tuple(
            View(
                key,
                name,
                FilterState() if key == "all" else FilterState().with_values(VIEW, (key,)),
                good_news=_GOOD_NEWS.get(key, ""),
            )
            for key, name in VIEWS.items()
        ),
        row_acts=acts.row_acts(),
        ticking=False,
        sort="paid",
        descending=True,
        topics=TOPICS,
        empty=Empty(
            "No remittance was read yet. Payers send them as 835 files.",
            "scroll-text",
            Press("Read a remittance…", read, "file-input"),
        ),
        none_words=_none,
        totals_words=totals_words,
        all_total=lambda work: remittance_counts(work)["all"],
        view_counts=_counts,
        detail=_pane(shell.practice.zone, acts, open_),
    )


def question_of(work: Work, state: FilterState) -> RemittanceFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    asked: dict[str, object] = {
        "text": state.text.strip(),
        "day": state.ends("day", work.today()),
        "view": next(iter(state.values(VIEW)), "all"),
    }
    asked.update({key: state.values(key) for key in ("status", "origin", "payer")})
    return RemittanceFilter.of(asked)


def totals_words(count: int, totals: Mapping[str, Money]) -> str:
    """Return what the sum at the right is made of, and what is not in it."""
    parts = [
        f"{money_text(totals[key], zero_dash=False)} {words}"
        for key, words in (("posted", "posted"), ("to_post", "to post"))
        if key in totals
    ]
    said = count_text(count, *NOUN)
    if "others" not in totals:
        return f"{said}: {' + '.join(parts)}" if len(parts) > 1 else said
    left = f"{money_text(totals['others'], zero_dash=False)} not counted"
    return f"{said}: {' + '.join(parts)}; {left}" if parts else f"{said}: {left}"


def _counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    span = Span(0, 0, "paid")
    found: dict[str, int] = {}
    for key, state in states.items():
        page: Page[RemittanceRow] = page_of_remittances(work, question_of(work, state), span)
        found[key] = page.total
    return found


def _payers(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.short_name) for row in payers(work)]


def _none(state: FilterState) -> str:
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys else ""
    return f"No remittances{found}{others}."


def _columns(zone: ZoneInfo) -> tuple[Column[RemittanceRow], ...]:
    def number(count: int) -> str:
        return f"{count:,}" if count else ""

    return (
        date_column("paid", "Paid on", lambda row: row.paid_on, priority=1),
        Column(
            "payer",
            "Payer",
            lambda row: row.payer_short or row.payer,
            second=lambda row: row.number,
            names=True,
            priority=1,
        ),
        badge_column("status", "Status", remittance_mark, width=124, priority=1),
        Column("trace", "Payment", lambda row: row.trace, width=140, priority=2),
        # It stands below the payer; here for who wants to sort by it.
        Column("number", "Number", lambda row: row.number, width=134, priority=6, shown=False),
        Column(
            "claims",
            "Claims",
            lambda row: f"{row.claims:,}",
            Kind.NUMBER,
            lambda row: row.claims,
            width=64,
            priority=3,
        ),
        Column(
            "unposted",
            "Stay",
            lambda row: number(row.unposted) if row.payment_id is not None else "",
            Kind.NUMBER,
            lambda row: row.unposted,
            width=56,
            priority=4,
        ),
        Column("method", "Way", method_word, width=84, sortable=False, priority=7, shown=False),
        Column(
            "read",
            "Read",
            lambda row: f"{moment_text(row.read_at, zone)}, {read_words(row)}",
            width=190,
            priority=7,
            descending_first=True,
        ),
        money_column("amount", "Amount", lambda row: row.amount, priority=1, states_zero=True),
    )


def _pane(
    zone: ZoneInfo, acts: RemittanceListActs, open_: Callable[[int], None]
) -> DetailSpec[RemittanceRow, RemittancePage]:
    return DetailSpec(
        ask=lambda work, row: remittance_page(work, row.id),
        head=partial(_head, acts, open_),
        tabs=(
            Tab("look", "To look at", _looks),
            Tab("facts", "Facts", lambda: FactsPage("Facts", partial(_facts, zone))),
        ),
        nothing="Choose a remittance to see what it says.",
    )


def _looks() -> StoryPage:
    page = StoryPage(_steps)
    page.story.setAccessibleName("Claims that need a look")
    return page


def _head(acts: RemittanceListActs, open_: Callable[[int], None], page: RemittancePage) -> PaneHead:
    row = page.row
    first = NextStep("Open it", partial(open_, row.id), "scroll-text")
    steps: tuple[NextStep, ...] = (first,)
    if page.aside:
        steps = (first, NextStep("Take it up again", partial(acts.take_up, row), "rotate-ccw"))
    elif not going(page, (), ()).off_because:
        steps = (NextStep("Look at it and post", first.act, first.icon),)
    elif not why_not_aside(row):
        steps = (first, NextStep("Set aside…", partial(acts.aside, row), "lock"))
    return PaneHead(
        name=row.payer or "Payer not known yet",
        line=" ".join(one for one in (method_word(row), row.trace) if one),
        badges=(page_mark(page),),
        figures=(
            Figure("Amount", row.amount),
            Figure("Claims", text=f"{row.claims:,}"),
            Figure("To look at", text=f"{len(exceptions_of(page)):,}"),
        ),
        next_steps=steps,
    )


def _steps(page: RemittancePage) -> list[StoryStep]:
    found = exceptions_of(page)
    steps: list[StoryStep] = []
    notice = notice_of(page, going(page, (), ()).off_because)
    if notice is not None:
        steps.append(StoryStep(notice.title, notice.text, icon=notice.icon, tone=notice.tone))
    for unit in found[:_LOOKED_AT]:
        claim = page.claims[unit]
        mark = claim_mark(claim)
        steps.append(
            StoryStep(
                claim.patient,
                ", ".join(one for one in (mark.word, claim.number, claim.words) if one),
                money_text(claim.paid, zero_dash=False),
                icon=mark.icon,
                tone=mark.tone,
            )
        )
    if len(found) > _LOOKED_AT:
        more = count_text(len(found) - _LOOKED_AT, "more claim")
        steps.append(StoryStep(more, "They stand on its page"))
    if not steps:
        steps.append(StoryStep("Nothing needs a look", icon="circle-check", tone="green"))
    return steps


def _facts(zone: ZoneInfo, page: RemittancePage) -> list[Section]:
    row = page.row
    posted = "" if row.posted_at is None else moment_text(row.posted_at, zone)
    pairs = (
        ("Number", row.number),
        ("Way", method_word(row)),
        ("Posted as", page.payment_number),
        ("Posted", f"{posted} by {row.posted_by}" if posted else ""),
        (
            "Typed" if row.origin is RemittanceOrigin.TYPED else "Read",
            f"{moment_text(row.read_at, zone)} by {row.read_by}",
        ),
        ("File", page.file_name),
        ("Reason", row.reason),
        ("Same check", page.conflict_number),
    )
    lines = tuple(Fact(label, (words,)) for label, words in pairs if words)
    sums = (
        Fact("Claims", (money_text(page.claims_total, zero_dash=False),)),
        Fact("Provider level (PLB)", (money_text(-page.plb_total, zero_dash=False),)),
        Fact("Check", (money_text(row.amount, zero_dash=False),), strong=True),
    )
    return [Section("The remittance", lines), Section("Its money", sums)]


def remittances_part(
    shell: Shell, keeping: Keeping, ask_files: AskFiles | None = None
) -> RemittancesPart:
    """Return the tab."""
    return RemittancesPart(shell, keeping, ask_files)
