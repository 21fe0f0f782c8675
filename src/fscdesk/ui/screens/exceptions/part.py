"""The Exceptions tab: one list over everything that misses its other half, and its story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from fscdesk.services.banking.three_way import MoneyPath
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.exception_list import (
    TOPICS,
    ExceptionFilter,
    ExceptionKind,
    ExceptionRow,
    exception_counts,
    exception_sums,
    page_of_exceptions,
)
from fscdesk.services.reports.exception_places import (
    ExceptionStory,
    SessionWay,
    places_of,
    story_of,
)
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.exceptions.kind_sums import KindSums
from fscdesk.ui.screens.exceptions.wording import (
    GOOD_NEWS,
    NOUN,
    TABS,
    kind_mark,
    kind_words,
    open_words,
    what_words,
)
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text, money_text

KIND, SINCE, ALL = "kind", "since", "all"
SESSION: Final = "session"


@dataclass(frozen=True, slots=True)
class Told:
    """An exception with the story of its sessions, for the pane."""

    row: ExceptionRow
    story: ExceptionStory


class ExceptionsPart(PaneTab[ExceptionRow]):
    """Enter opens what an exception is about; the pane tells session, remittance, deposit, bank."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        self._shell = shell
        super().__init__(shell, self._spec(), keeping=keeping, follows=TOPICS, opens=self.open_row)
        self.sums = KindSums()
        self.list.put_over_table(self.sums)
        self.list.answered.connect(self._ask_sums)

    def look_at_kind(self, kind: ExceptionKind) -> None:
        """Show the exceptions of one kind."""
        self.look_at(FilterState().with_values(KIND, (kind.value,)), kind.value)

    def open_row(self, row: ExceptionRow) -> None:
        """Open what an exception is about, in its own place."""
        self._shell.desk.ask(
            self,
            lambda work: places_of(work, [row.exception])[row.exception],
            self._go,
            self._shell.messages.refused,
        )

    def _ask_sums(self) -> None:
        state = self.list.state
        self._shell.desk.ask(
            self,
            lambda work: exception_sums(work, _question(work, state)),
            lambda found: self.sums.show_sums(found) if state == self.list.state else None,
        )

    def _go(self, opens: Opens) -> None:
        if self._shell.has(opens.place):
            self._shell.open(opens.place, **opens.asked)
        else:
            self.into_pane()

    def _spec(self) -> ListSpec[ExceptionRow]:
        return ListSpec(
            key="exceptions",
            name="Exceptions",
            title=False,
            columns=_COLUMNS,
            query=_ask_page,
            noun=NOUN,
            filters=(
                ChoiceFilter(KIND, "Kind", ask=_kinds),
                DayFilter(SINCE, "Since"),
            ),
            views=(
                View(ALL, "All", good_news="Nothing misses its other half."),
                *(
                    View(
                        kind.value,
                        name,
                        FilterState().with_values(KIND, (kind.value,)),
                        good_news=GOOD_NEWS[kind],
                    )
                    for kind, name in TABS.items()
                ),
            ),
            row_acts=(RowsAct("open", "Open", lambda rows: self.open_row(rows[0])),),
            ticking=False,
            sort="since",
            topics=TOPICS,
            empty=Empty("Nothing misses its other half.", "circle-check"),
            none_words=_none_words,
            totals_words=lambda count, _totals: count_text(count, *NOUN),
            all_total=lambda work: sum(exception_counts(work).values()),
            view_counts=_view_counts,
            detail=DetailSpec(
                ask=lambda work, row: Told(row, story_of(work, row.exception)),
                head=self._head,
                tabs=(
                    Tab("story", "Way of the money", self._story),
                    Tab("facts", "Facts", lambda: FactsPage("Facts", _facts)),
                ),
                nothing="Choose an exception to see how far its money has come.",
            ),
        )

    def _head(self, told: Told) -> PaneHead:
        one, opens = told.row.exception, told.story.opens
        steps = []
        if self._shell.has(opens.place):
            words = open_words(opens.place, opens.asked)
            steps.append(NextStep(words, partial(self._go, opens), "external-link"))
        sessions = told.story.sessions
        if sessions and opens.place != "sessions" and self._shell.has("sessions"):
            first = Opens("sessions", {SESSION: sessions[0].session_id})
            steps.append(NextStep("Open the session", partial(self._go, first)))
        return PaneHead(
            name=what_words(one),
            line=one.to_do,
            badges=(kind_mark(one.kind),),
            figures=(
                Figure("Amount", one.amount, plain=True),
                Figure("Waits for", text=count_text(one.days, "day")),
            ),
            next_steps=tuple(steps),
        )

    def _story(self) -> StoryPage:
        page = StoryPage(_steps)
        page.story.setAccessibleName("Way of the money")
        page.opened.connect(self._on_step)
        return page

    def _on_step(self, key: str) -> None:
        what, _colon, number = key.partition(":")
        place = {SESSION: "sessions", "payment": "payments"}[what]
        self._go(Opens(place, {what: int(number)}))


def _steps(told: Told) -> Sequence[StoryStep]:
    """Return the sessions of an exception, each with its money followed as far as it came."""
    story = told.story
    if not story.sessions:
        return [
            StoryStep(
                "No session is named yet", told.row.exception.to_do, icon="circle-question-mark"
            )
        ]
    found = [step for one in story.sessions for step in _of_session(one)]
    if story.more:
        words = f"{count_text(story.more, 'session')} more"
        found.append(StoryStep(words, "The document has all of them.", icon="ellipsis"))
    return found


def _of_session(one: SessionWay) -> list[StoryStep]:
    way = one.way
    steps = [
        StoryStep(
            one.patient,
            f"Session of {day_text(one.on)}",
            icon="calendar-days",
            tone="teal" if way.whole else "neutral",
            key=f"{SESSION}:{one.session_id}",
        )
    ]
    steps += [_of_path(path) for path in way.paths]
    steps += [
        StoryStep(f"{number} is at {payer}", "No answer yet.", icon="clock", tone="amber")
        for number, payer in way.unanswered
    ]
    if way.recorded:
        steps.append(
            StoryStep(
                "Recorded in SimplePractice",
                "No payment has come for it.",
                money_text(way.recorded),
                icon="git-compare-arrows",
                tone="amber",
            )
        )
    return steps


def _of_path(path: MoneyPath) -> StoryStep:
    if path.banked_on is not None:
        tone, icon = "green", "landmark"
    else:
        tone, icon = ("blue", "send") if path.deposited_on is not None else ("amber", "inbox")
    return StoryStep(
        path.payment,
        path.sentence,
        money_text(path.amount),
        icon=icon,
        tone=tone,
        key=f"payment:{path.payment_id}",
    )


def _facts(told: Told) -> list[Section]:
    one = told.row.exception
    what = (
        ("What is missing", kind_words(one.kind)),
        ("Document", one.number),
        ("Who", one.who),
        ("What it is", one.words),
        ("Since", day_text(one.since)),
        ("What to do", one.to_do),
    )
    return [Section("The exception", tuple(Fact(name, (word,)) for name, word in what if word))]


def _question(work: Work, state: FilterState) -> ExceptionFilter:
    first, last = state.ends(SINCE, work.today())
    known = {one.value for one in ExceptionKind}
    kinds = frozenset(ExceptionKind(one) for one in state.values(KIND) if one in known)
    return ExceptionFilter(state.text.strip(), kinds, first, last)


def _ask_page(work: Work, state: FilterState, span: Span) -> Page[ExceptionRow]:
    return page_of_exceptions(work, _question(work, state), span)


def _view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for key, state in states.items():
        asked = _question(work, state)
        counts = exception_counts(work, replace(asked, kinds=frozenset()))
        found[key] = sum(counts.get(one, 0) for one in asked.kinds or ExceptionKind)
    return found


def _kinds(work: Work, state: FilterState) -> Sequence[Choice]:
    counts = exception_counts(work, _question(work, state))
    return [Choice(one.value, kind_words(one), counts.get(one, 0)) for one in ExceptionKind]


def _none_words(state: FilterState) -> str:
    text = state.text.strip()
    return f"No exceptions with “{text}”." if text else "No exceptions match these filters."


_COLUMNS: Final[tuple[Column[ExceptionRow], ...]] = (
    badge_column(
        "kind", "Exception", lambda row: kind_mark(row.exception.kind), width=144, priority=1
    ),
    Column(
        "words",
        "What it is",
        lambda row: what_words(row.exception),
        names=True,
        width=220,
        priority=1,
        tooltip=lambda row: what_words(row.exception),
    ),
    Column("who", "Who", lambda row: row.exception.who, width=140, priority=7, shown=False),
    Column(
        "number", "Document", lambda row: row.exception.number, width=136, priority=7, shown=False
    ),
    date_column("since", "Since", lambda row: row.exception.since, priority=3),
    Column(
        "days",
        "Age",
        lambda row: count_text(row.exception.days, "day"),
        Kind.AGE,
        value=lambda row: row.exception.days,
        width=76,
        priority=2,
    ),
    Column(
        "to_do",
        "What to do",
        lambda row: row.exception.to_do,
        width=320,
        priority=6,
        tooltip=lambda row: row.exception.to_do,
    ),
    money_column(
        "amount", "Amount", lambda row: row.exception.amount, priority=1, plain_negative=True
    ),
)
