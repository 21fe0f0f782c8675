"""The queue of requests, and what each asks for. A run of write-offs is one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.approving import (
    ItemRow,
    RequestDetail,
    RequestRow,
    queue,
    request_detail,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.approval_acts import (
    ApprovalActs,
    why_not_decided,
    why_not_withdrawn,
)
from fscdesk.ui.screens.payments.history_page import HistoryPage, Told
from fscdesk.ui.screens.payments.wording import asked_word, request_mark, stated
from fscdesk.ui.tables.columns import Column, Kind, badge_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text, moment_text

VIEW, KIND = "view", "kind"
NOUN = ("request", "requests")
TOPICS = frozenset({Topic.APPROVALS, Topic.PAYMENTS, Topic.STAFF})
_VIEWS: Mapping[str, tuple[str, str, Callable[[RequestRow], bool]]] = {
    "decide": ("For me to decide", "Nothing waits for you.", lambda row: row.may_decide),
    "waiting": ("All waiting", "No request waits.", lambda row: row.status.value == "waiting"),
    "mine": ("Asked by me", "", lambda row: row.mine),
    "decided": ("Decided", "", lambda row: row.status.value != "waiting"),
}
_STEPS = {
    "band": "Why this right",
    "asked": "Asked",
    "approved": "Approved",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}


def approvals_spec(
    shell: Shell, acts: ApprovalActs, open_item: Callable[[ItemRow], object]
) -> ListSpec[RequestRow]:
    """Return the declaration of the list; what the person may decide comes first."""
    zone = shell.practice.zone
    return ListSpec(
        key="approvals",
        name="Approvals",
        title=False,
        columns=_columns(zone),
        query=_ask_page,
        noun=NOUN,
        filters=(
            ChoiceFilter(
                KIND,
                "Asks for",
                tuple(
                    Choice(key, asked_word(key))
                    for key in ("refund", "write_off", "write_off_run", "credit_memo")
                ),
            ),
        ),
        views=tuple(
            View(
                key,
                name,
                FilterState().with_values(VIEW, (key,)),
                good_news=good_news,
                counted=bool(good_news),
            )
            for key, (name, good_news, _fits) in _VIEWS.items()
        ),
        row_acts=(
            RowsAct(
                "refuse",
                "Refuse…",
                lambda rows: acts.refuse(rows[0]),
                shortcut="Ctrl+Shift+X",
                off_because=lambda rows: why_not_decided(rows[0]),
            ),
            RowsAct(
                "withdraw",
                "Withdraw",
                lambda rows: acts.withdraw(rows[0]),
                off_because=lambda rows: why_not_withdrawn(rows[0]),
            ),
        ),
        ticking=False,
        sort="asked",
        topics=TOPICS,
        empty=Empty("No request was made yet.", "badge-check"),
        none_words=lambda _state: "No requests here.",
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        all_total=lambda work: len(queue(work)),
        view_counts=_ask_counts,
        detail=_pane(acts, zone, open_item),
    )


def _matching(work: Work, state: FilterState) -> list[RequestRow]:
    fits = _VIEWS[next(iter(state.values(VIEW)), "waiting")][2] if state.values(VIEW) else _any
    kinds, words = state.values(KIND), fold(state.text).split()
    return [
        row
        for row in queue(work)
        if fits(row)
        and (not kinds or row.kind.value in kinds)
        and all(word in fold(f"{row.number} {row.asked_by} {row.reason}") for word in words)
    ]


def _any(_row: RequestRow) -> bool:
    return True


def _ask_page(work: Work, state: FilterState, span: Span) -> Page[RequestRow]:
    found = _matching(work, state)
    found.sort(key=lambda row: (_rank(row, span.sort), row.id), reverse=span.descending)
    total = Money(sum(row.amount.cents for row in found))
    part = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), part, {"amount": total})


def _rank(row: RequestRow, sort: str) -> tuple[int, str]:
    """Return what a row is sorted by: a number, or words."""
    if sort == "asked":
        return (int(row.asked_at.timestamp()), "")
    if sort == "amount":
        return (row.amount.cents, "")
    return (row.count, "") if sort == "count" else (0, _COLUMN_TEXT[sort](row).casefold())


def _ask_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    return {key: len(_matching(work, state)) for key, state in states.items()}


_COLUMN_TEXT: Mapping[str, Callable[[RequestRow], str]] = {
    "number": lambda row: row.number,
    "kind": lambda row: asked_word(row.kind.value),
    "by": lambda row: row.asked_by,
    "reason": lambda row: row.reason,
    "status": lambda row: row.status.value,
}


def _columns(zone: ZoneInfo) -> tuple[Column[RequestRow], ...]:
    return (
        Column("number", "Number", _COLUMN_TEXT["number"], width=136, priority=4),
        Column("kind", "Asks for", _COLUMN_TEXT["kind"], width=104, priority=2),
        Column("reason", "Reason", _COLUMN_TEXT["reason"], names=True, priority=1),
        Column("by", "Asked by", _COLUMN_TEXT["by"], width=128, priority=3),
        Column(
            "asked",
            "Asked on",
            lambda row: day_text(row.asked_at.astimezone(zone).date()),
            width=96,
            priority=4,
        ),
        badge_column("status", "Status", request_mark, width=112, priority=3),
        Column(
            "count",
            "Items",
            lambda row: count_text(row.count),
            Kind.NUMBER,
            value=lambda row: row.count,
            width=60,
            priority=6,
        ),
        money_column("amount", "Amount", lambda row: row.amount, priority=1),
    )


def _pane(
    acts: ApprovalActs, zone: ZoneInfo, open_item: Callable[[ItemRow], object]
) -> DetailSpec[RequestRow, RequestDetail]:
    shown: list[RequestDetail] = []

    def items() -> StoryPage:
        def steps(detail: RequestDetail) -> Sequence[StoryStep]:
            shown[:] = [detail]
            return [_item(at, one) for at, one in enumerate(detail.items)]

        page = StoryPage(steps)
        page.story.setAccessibleName("What it asks for")
        page.opened.connect(lambda key: open_item(shown[0].items[int(key)]))
        return page

    return DetailSpec(
        ask=lambda work, row: request_detail(work, row.id),
        head=lambda detail: _head(detail, acts, zone),
        tabs=(
            PaneTab("items", "Asks for", items),
            PaneTab(
                "steps",
                "Steps",
                lambda: HistoryPage("Steps", partial(_told, zone), "No steps yet."),
            ),
        ),
        nothing="Choose a request to see what it asks for.",
    )


def _head(detail: RequestDetail, acts: ApprovalActs, zone: ZoneInfo) -> PaneHead:
    row = detail.row
    return PaneHead(
        name=f"{asked_word(row.kind.value)} {row.number}",
        line=f"{row.asked_by}, {moment_text(row.asked_at, zone)}: {row.reason}",
        badges=(request_mark(row),),
        figures=(
            Figure("Amount", row.amount),
            Figure("Items", text=count_text(row.count)),
        ),
        next_steps=_steps(row, acts),
    )


def _steps(row: RequestRow, acts: ApprovalActs) -> tuple[NextStep, ...]:
    if row.status.value == "waiting":
        words = f"Approve {stated(row.amount)}"
        reason = why_not_decided(row)
        steps = [NextStep(words, partial(acts.approve, row), "check", reason)]
        if row.mine:
            steps.append(NextStep("Withdraw", partial(acts.withdraw, row)))
        else:
            steps.append(NextStep("Refuse…", partial(acts.refuse, row), off_because=reason))
        return tuple(steps)
    if row.status.value == "approved" and row.kind.value == "write_off_run":
        return (NextStep("Take the run back…", partial(acts.undo_run, row)),)
    return ()


def _item(at: int, one: ItemRow) -> StoryStep:
    charge = f"{one.code} of {day_text(one.service_day)}" if one.service_day else ""
    return StoryStep(
        one.who,
        ", ".join(part for part in (one.number, one.what, charge, one.reason) if part),
        stated(one.amount),
        icon="rotate-ccw" if one.noun == "refund" else "percent",
        tone="blue" if one.noun == "refund" else "slate",
        key=str(at),
    )


def _told(zone: ZoneInfo, detail: RequestDetail) -> list[Told]:
    told = [
        Told(
            moment_text(one.at, zone),
            "",
            _STEPS.get(one.step, one.step.replace("_", " ").capitalize()),
            f"{one.who}: {one.note}" if one.note else one.who,
        )
        for one in reversed(detail.steps)
    ]
    if detail.row.status.value == "waiting":
        told.insert(0, Told("", "", "Waits for", f"{detail.row.needs}, but not {_asker(detail)}."))
    return told


def _asker(detail: RequestDetail) -> str:
    return "you" if detail.row.mine else detail.row.asked_by
