"""What SimplePractice calls paid and no payment has closed (account 1060), each with its reason.

Beside these lines stand its payments with money left, and the refunds that wait for theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.payments.clearing_list import WRITTEN_OFF
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.clearing_acts import ClearingActs, WrittenOff, why_not_taken
from fscdesk.ui.screens.payments.clearing_asking import (
    LEFT,
    PAID,
    PART,
    REFUNDS,
    TOPICS,
    VIEW,
    Line,
    LineFacts,
    ask_counts,
    ask_page,
    clearing,
    parts_of,
)
from fscdesk.ui.screens.payments.history_page import HistoryPage, Told
from fscdesk.ui.screens.payments.unapplied_list import OpenPayment
from fscdesk.ui.screens.payments.wording import stated
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.text import count_text, day_text

NOUN = ("line", "lines")
_VIEWS = {
    PAID: ("Called paid, not received", "Everything that SimplePractice calls paid has come."),
    LEFT: ("Received, not called paid", "Every payment of SimplePractice is used up."),
    REFUNDS: ("Refunds that wait", "No refund waits for its payment."),
}


def clearing_spec(
    shell: Shell,
    acts: ClearingActs,
    open_payment: OpenPayment,
    open_request: Callable[[int], object],
) -> ListSpec[Line]:
    """Return the declaration of the list."""
    patient = shell.practice.patient
    ways = _Ways(shell, acts, open_payment, open_request)
    words = parts_of(patient)
    return ListSpec(
        key="clearing",
        name="SimplePractice",
        title=False,
        columns=_columns(patient),
        query=partial(ask_page, words),
        noun=NOUN,
        filters=(
            ChoiceFilter(PART, "Part", tuple(Choice(key, word) for key, word in words.items())),
        ),
        views=tuple(
            View(key, name, FilterState().with_values(VIEW, (key,)), good_news=good_news)
            for key, (name, good_news) in _VIEWS.items()
        ),
        row_acts=(
            RowsAct(
                "open",
                "Open the session or payment",
                lambda rows: ways.go(rows[0]),
                shortcut="Ctrl+L",
                off_because=lambda rows: "" if ways.can_go(rows[0]) else "It is not in the books.",
            ),
        ),
        bulk=(
            RowsAct(
                "take",
                "Take as contractual…",
                ways.take,
                shortcut="Ctrl+Shift+W",
                off_because=_why_not,
            ),
        ),
        picked_words=_picked,
        sort="day",
        topics=TOPICS,
        empty=Empty("Everything that SimplePractice calls paid has come.", "circle-check"),
        none_words=lambda _state: "No lines that match these filters.",
        totals_words=_totals_words,
        all_total=lambda work: len(clearing(work).lines),
        view_counts=partial(ask_counts, words),
        detail=_pane(ways),
        least_width=620,
    )


class _Ways:
    """Where a line leads: its session, its payment, its client."""

    def __init__(
        self,
        shell: Shell,
        acts: ClearingActs,
        open_payment: OpenPayment,
        open_request: Callable[[int], object],
    ) -> None:
        self._shell, self._acts = shell, acts
        self._open_payment, self._open_request = open_payment, open_request
        self.patient = shell.practice.patient

    def can_go(self, line: Line) -> bool:
        """Whether there is something to open."""
        return line.payment_id is not None or (
            line.session_id is not None and self._shell.has("sessions")
        )

    def go(self, line: Line) -> None:
        """Open the session or the payment behind a line."""
        if line.payment_id is not None:
            self._open_payment(line.payment_id, line.what)
        elif line.session_id is not None and self._shell.has("sessions"):
            self._shell.open("sessions", session=line.session_id)

    def take(self, lines: Sequence[Line]) -> None:
        """Take write-offs as contractual."""
        self._acts.take(
            [
                WrittenOff(one.charge_id, one.who, one.code, one.day, one.amount)
                for one in lines
                if one.charge_id is not None and one.amount is not None
            ]
        )

    def steps(self, line: Line) -> tuple[NextStep, ...]:
        """Return the buttons of the pane, the likeliest first."""
        found: list[NextStep] = []
        if not _why_not([line]):
            found.append(NextStep("Take as contractual…", partial(self.take, [line])))
        if line.request_id is not None:
            found.append(NextStep("Open the request", partial(self._open_request, line.request_id)))
        if self.can_go(line):
            word = f"Open {line.what}" if line.payment_id is not None else "Open the session"
            found.append(NextStep(word, partial(self.go, line)))
        if line.patient_id is not None and self._shell.has("patients"):
            go = partial(self._shell.open, "patients", patient=line.patient_id)
            found.append(NextStep(f"Open the {self.patient.lower()}", go))
        if self._shell.has("importing"):
            choose = partial(self._shell.open, "importing", choose=True)
            found.append(NextStep("Import a report…", choose))
        return tuple(found)


def _columns(patient: str) -> tuple[Column[Line], ...]:
    return (
        date_column("day", "Session", lambda row: row.day, priority=1),
        Column("who", patient, lambda row: row.who, width=150, strong=True, priority=1),
        Column("code", "Code", lambda row: row.code, width=72, priority=7, shown=False),
        Column("payer", "Payer", lambda row: row.payer, width=120, priority=8, shown=False),
        Column("what", "What", lambda row: row.what, width=112, priority=3),
        date_column("since", "Since", lambda row: row.since, priority=6, shown=False),
        Column("reason", "Why it stands open", lambda row: row.reason, wide=True, priority=2),
        money_column("amount", "Open", lambda row: row.amount, priority=1),
    )


def _why_not(rows: Sequence[Line]) -> str:
    """Return why not all of these lines can be taken as contractual, or ""."""
    reasons = (why_not_taken(one.part, one.amount, one.request_id) for one in rows)
    return next((reason for reason in reasons if reason), "")


def _picked(rows: Sequence[Line]) -> str:
    return f"{stated(Money(sum((one.amount or Money()).cents for one in rows)))} open"


def _totals_words(count: int, totals: Mapping[str, Money]) -> str:
    lines = count_text(count, *NOUN)
    if "ledger" not in totals:
        return lines
    ledger, off = totals["ledger"], totals["difference"]
    return f"{lines}; account 1060 is {stated(ledger)}, difference {stated(off)}"


def _pane(ways: _Ways) -> DetailSpec[Line, LineFacts]:
    def ask(work: Work, line: Line) -> LineFacts:
        found = clearing(work)
        return LineFacts(line, found.ledger, found.difference)

    def head(facts: LineFacts) -> PaneHead:
        line = facts.line
        about = (day_text(line.day), line.code, line.payer, line.what)
        return PaneHead(
            name=line.who,
            line=", ".join(part for part in about if part),
            figures=(
                Figure("Open", line.amount, plain=True),
                Figure("Account 1060", facts.ledger, plain=True),
                Figure("Difference", facts.difference),
            ),
            next_steps=ways.steps(line),
        )

    return DetailSpec(
        ask=ask,
        head=head,
        tabs=(PaneTab("why", "", lambda: HistoryPage("Why it stands open", _told, "")),),
        nothing="Choose a line to see why it stands open.",
    )


def _told(facts: LineFacts) -> Sequence[Told]:
    line = facts.line
    since = f"since {day_text(line.since)}" if line.since else ""
    told = [Told(since, "", "Why it stands open", f"{line.reason.rstrip('.')}.")]
    if line.part == WRITTEN_OFF:
        told.append(
            Told(
                "",
                "",
                "What closes it",
                "The payer’s payment, with which SimplePractice’s write-off becomes contractual; or"
                " you take it as contractual, where the payer answered and paid nothing.",
            )
        )
    elif line.view == PAID:
        told.append(
            Told(
                "",
                "",
                "What closes it",
                "The payment itself: from the payment export, the income allocation, a remittance,"
                " or entered by hand.",
            )
        )
    elif line.view == LEFT:
        told.append(
            Told(
                "",
                "",
                "What closes it",
                "The appointment report that calls a session paid by it, or applying it to what"
                " is open.",
            )
        )
    return told
