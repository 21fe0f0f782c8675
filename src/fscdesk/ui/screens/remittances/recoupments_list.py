"""The Recoupments tab: what payers will take, have taken, and what nothing explains yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from fscdesk.models.values import ZERO, Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.remittances.recoupment_detail import ItemDetail, item_detail
from fscdesk.services.remittances.recoupment_list import (
    VIEWS,
    ItemFilter,
    ItemRow,
    ItemState,
    item_counts,
    page_of_items,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.recoupment_acts import (
    RecoupmentActs,
    why_not_explained,
    why_not_paired,
)
from fscdesk.ui.screens.remittances.recoupment_words import (
    history_steps,
    item_facts,
    item_line,
    item_mark,
    kind_words,
    partner_steps,
    states,
)
from fscdesk.ui.screens.remittances.wording import PLB_KINDS
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.facts import FactsPage
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.tables.story import StoryPage
from fscdesk.ui.text import count_text, money_text

NOUN = ("item", "items")
VIEW = "view"
REMITTANCE, CLAIM = "remittance", "claim"
TOPICS = frozenset({Topic.REMITTANCES, Topic.PAYMENTS, Topic.LEDGER, Topic.PAYERS})
_TWO = 2
_APART: Mapping[str, str] = {"to_explain": "to explain", "will_take": "will be taken"}
_GOOD_NEWS: Mapping[str, str] = {
    "explain": "All that payers took is explained.",
    "will_take": "No payer has said that it will take money back.",
}


class RecoupmentsPart(PaneTab[ItemRow]):
    """The list with its pane. Space marks one; Enter on its partner asks to pair the two."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        self._shell = shell
        self._shown: ItemDetail | None = None
        super().__init__(
            shell, self._spec(), keeping=keeping, follows=TOPICS, opens=self._on_opened
        )
        self.acts = RecoupmentActs(shell, self, self._unmark)

    def primary_button(self) -> Button | None:
        """Return the button that pairs the marked ones, or the pane's first."""
        if not len(self.list.model.ticks):
            return super().primary_button()
        button = self.list.body.bar.buttons["pair"]
        return button if button.property("kind") == "primary" else None

    def open_item(self, item_id: int) -> None:
        """Show one item among all of them."""
        self.look_at(FilterState(), "all", item_id)

    # What is declared

    def _spec(self) -> ListSpec[ItemRow]:
        return ListSpec(
            key="recoupments",
            name="Recoupments",
            title=False,
            columns=_columns(self._shell.practice.patient),
            query=page_of,
            noun=NOUN,
            filters=(
                ChoiceFilter("payer", "Payer", ask=_payers),
                ChoiceFilter(
                    "kind",
                    "Kind",
                    tuple(Choice(key.value, word) for key, word in PLB_KINDS.items()),
                ),
                DayFilter("day", "Since", always=False),
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
            bulk=(
                RowsAct(
                    "pair",
                    "Pair them…",
                    lambda rows: self.acts.pair(rows[0], rows[1]),
                    "link-2",
                    "Ctrl+L",
                    off_because=_why_not_two,
                ),
            ),
            row_acts=(
                RowsAct(
                    "explain",
                    "Explain by an account…",
                    lambda rows: self.acts.explain(rows[0]),
                    shortcut="Ctrl+Shift+X",
                    off_because=lambda rows: why_not_explained(rows[0]),
                ),
                RowsAct("remittance", "Open the remittance", lambda rows: self._go(rows[0])),
            ),
            sort="payer",
            topics=TOPICS,
            empty=Empty("No payer has settled anything beside its claims.", "arrow-left-right"),
            none_words=_none,
            picked_words=_picked,
            totals_words=totals_words,
            all_total=lambda work: item_counts(work)["all"],
            view_counts=_counts,
            detail=DetailSpec(
                ask=lambda work, row: item_detail(work, row.id),
                head=self._head,
                tabs=(
                    Tab("history", "History", self._history),
                    Tab("partners", "Partners", self._partners),
                    Tab("facts", "Facts", lambda: FactsPage("Facts", item_facts)),
                ),
                nothing="Choose an item to see what settled it.",
            ),
        )

    def _history(self) -> StoryPage:
        page = StoryPage(partial(history_steps, self._shell.practice.zone))
        page.story.setAccessibleName("What settled it")
        page.opened.connect(self._on_step)
        return page

    def _partners(self) -> StoryPage:
        page = StoryPage(partner_steps)
        page.story.setAccessibleName("What could settle it")
        page.opened.connect(self._on_step)
        return page

    def _head(self, detail: ItemDetail) -> PaneHead:
        self._shown = detail
        row = detail.row
        steps = self._steps(detail)
        return PaneHead(
            name=row.number,
            line=item_line(row),
            badges=(item_mark(row),),
            figures=(
                Figure("Taken" if row.amount >= ZERO else "Added", abs(row.amount)),
                Figure("Open", abs(row.open)),
                Figure("Partners", text=f"{len(detail.partners):,}"),
            ),
            next_steps=tuple(steps[:_TWO]),
            more=(*steps[_TWO:], *self._ways_out(detail)),
        )

    def _steps(self, detail: ItemDetail) -> list[NextStep]:
        """Return what can be done, the likeliest first."""
        row = detail.row
        found: list[NextStep] = []
        best = next((one for one in detail.partners if one.words), None)
        if best is not None:
            found.append(
                NextStep(f"Pair with {best.number}…", partial(self.acts.pair, row, best), "link-2")
            )
        explain = NextStep(f"Explain {states(row.open)}…", partial(self.acts.explain, row))
        if row.state is ItemState.TO_EXPLAIN:
            found.append(explain)
        if self._shell.has(REMITTANCE):
            found.append(NextStep(f"Open {row.remittance}", partial(self._go, row), "scroll-text"))
        if row.state is ItemState.WILL_TAKE:
            found.append(explain)
        return found

    def _ways_out(self, detail: ItemDetail) -> tuple[NextStep, ...]:
        row = detail.row
        found = [
            NextStep(
                f"Take it and {one.other or one.account} apart…",
                partial(self.acts.take_apart, detail, one.pair_id),
            )
            for one in detail.history
            if one.may_be_taken_apart
        ]
        if row.claim_id is not None and self._shell.has(CLAIM):
            claim = partial(self._shell.open, CLAIM, claim=row.claim_id)
            found.append(NextStep(f"Open claim {row.claim}", claim))
        return tuple(found)

    # What happens

    def _on_opened(self, row: ItemRow) -> None:
        """Enter: pair with what is marked; nothing marked, go into the pane."""
        marked = self.list.model.ticks.rows
        if len(marked) == 1 and marked[0].id != row.id:
            self.acts.pair(marked[0], row)
        else:
            self.into_pane()

    def _on_step(self, key: str) -> None:
        detail, (what, _colon, number) = self._shown, key.partition(":")
        if detail is None:
            return
        if what == "remittance":
            self._go(detail.row)
        elif what == "item":
            self.open_item(int(number))
        elif what == "partner":
            self.acts.pair_by_id(detail, int(number))
        else:
            self.acts.take_apart(detail, int(number))

    def _go(self, row: ItemRow) -> None:
        if self._shell.has(REMITTANCE):
            self._shell.open(REMITTANCE, remittance=row.remittance_id)

    def _unmark(self) -> None:
        self.list.model.ticks.clear()


def question_of(work: Work, state: FilterState) -> ItemFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    asked: dict[str, object] = {
        "text": state.text.strip(),
        "day": state.ends("day", work.today()),
        "view": next(iter(state.values(VIEW)), "all"),
    }
    asked.update({key: state.values(key) for key in ("payer", "kind")})
    return ItemFilter.of(asked)


def page_of(work: Work, state: FilterState, span: Span) -> Page[ItemRow]:
    """Return a span of items; the sums have the signs of the columns.

    What is to explain and what will be taken are no sum together: each has its own words.
    """
    if span.sort in ("amount", "open"):
        span = replace(span, descending=not span.descending)
    found = page_of_items(work, question_of(work, state), span)
    if _mixed(found.totals):
        totals = {key: found.totals[key] for key in _APART}
    else:
        totals = {key: -amount for key, amount in found.totals.items() if key not in _APART}
    return replace(found, totals=totals)


def _mixed(totals: Mapping[str, Money]) -> bool:
    return all(totals[key] for key in _APART)


def totals_words(count: int, totals: Mapping[str, Money]) -> str:
    """Return what stands at the left of the sums."""
    said = [
        f"{money_text(totals[key], zero_dash=False)} {words}"
        for key, words in _APART.items()
        if key in totals
    ]
    return ", ".join((count_text(count, *NOUN), *said))


def _counts(work: Work, asked: Mapping[str, FilterState]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for key, state in asked.items():
        wanted = question_of(work, state)
        found[key] = item_counts(work, replace(wanted, view="all"))[wanted.view]
    return found


def _payers(work: Work, _state: FilterState) -> Sequence[Choice]:
    return [Choice(str(row.id), row.fields.short_name) for row in payers(work)]


def _none(state: FilterState) -> str:
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys else ""
    return f"No items{found}{others}."


def _why_not_two(rows: Sequence[ItemRow]) -> str:
    if len(rows) != _TWO:
        return "Two items are paired: Space marks one, Enter on its partner pairs them."
    return why_not_paired(rows[0], rows[1])


def _picked(rows: Sequence[ItemRow]) -> str:
    if len(rows) == 1:
        return f"{states(rows[0].open)} open. Enter on its partner pairs them."
    taken = Money(sum(one.open.cents for one in rows if one.open > ZERO))
    told = Money(sum(-one.open.cents for one in rows if one.open < ZERO))
    return f"{money_text(taken, zero_dash=False)} taken, {money_text(told, zero_dash=False)} told"


def _money(
    key: str, title: str, amount: Callable[[ItemRow], Money], priority: int
) -> Column[ItemRow]:
    return money_column(key, title, amount, width=84, priority=priority, plain_negative=True)


def _reference(row: ItemRow) -> str:
    return f"{row.reason_code} {row.reference}".strip()


def _columns(patient: str) -> tuple[Column[ItemRow], ...]:
    return (
        Column(
            "payer",
            "Payer",
            lambda row: row.payer,
            second=lambda row: ", ".join(one for one in (row.number, _reference(row)) if one),
            names=True,
            whole=True,  # rather fewer columns than half a reference
            width=268,
            priority=1,
        ),
        # They stand below the payer; here for who wants to sort by them.
        Column("number", "Number", lambda row: row.number, width=134, priority=6, shown=False),
        Column("kind", "Kind", kind_words, width=128, priority=5),
        badge_column("state", "State", item_mark, width=112, priority=2, sortable=False),
        Column(
            "reference",
            "Reference",
            _reference,
            width=168,
            priority=6,
            shown=False,
        ),
        Column("client", patient, lambda row: row.patient, width=132, priority=6, sortable=False),
        Column("claim", "Claim", lambda row: row.claim, width=124, priority=7, sortable=False),
        date_column("on", "Since", lambda row: row.on, priority=3),
        Column(
            "age",
            "Age",
            lambda row: count_text(row.age, "day"),
            Kind.AGE,
            value=lambda row: row.age,
            width=80,
            priority=7,
            shown=False,
            sortable=False,
        ),
        Column(
            "remittance",
            "Remittance",
            lambda row: row.remittance,
            width=124,
            priority=8,
            shown=False,
        ),
        # As on the remittance: what was taken from the check is below zero.
        _money("amount", "Amount", lambda row: -row.amount, 2),
        _money("open", "Open", lambda row: -row.open, 1),
    )
