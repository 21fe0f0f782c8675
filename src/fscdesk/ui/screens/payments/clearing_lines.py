"""What SimplePractice calls paid and no payment has closed (account 1060), each with its reason.

Beside these lines stand its payments with money left, and the refunds that wait for theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.clearing_list import (
    CLIENT_PAID,
    PAYER_PAID,
    WRITTEN_OFF,
    Clearing,
    ClearingLine,
    clearing_list,
)
from fscdesk.services.remembering import remembered
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.history_page import HistoryPage, Told
from fscdesk.ui.screens.payments.unapplied_list import OpenPayment
from fscdesk.ui.screens.payments.wording import stated
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.text import count_text, day_text

VIEW, PART = "view", "part"
PAID, LEFT, REFUNDS = "paid", "left", "refunds"
NOUN = ("line", "lines")
TOPICS = frozenset({Topic.PAYMENTS, Topic.LEDGER, Topic.SESSIONS, Topic.IMPORTS, Topic.PATIENTS})
_VIEWS = {
    PAID: ("Called paid, not received", "Everything that SimplePractice calls paid has come."),
    LEFT: ("Received, not called paid", "Every payment of SimplePractice is used up."),
    REFUNDS: ("Refunds that wait", "No refund waits for its payment."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that stands open between the two systems, of any of the three kinds.

    ``what`` says which part of the charge, or which payment. ``sure`` False: the amount is not
    known to the books.
    """

    id: int
    view: str
    day: date | None
    who: str
    number: str
    payer: str
    code: str
    part: str
    what: str
    since: date | None
    amount: Money | None
    reason: str
    session_id: int | None = None
    patient_id: int | None = None
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line, and how account 1060 stands against the list."""

    line: Line
    ledger: Money
    difference: Money


def clearing_spec(shell: Shell, open_payment: OpenPayment) -> ListSpec[Line]:
    """Return the declaration of the list."""
    patient = shell.practice.patient
    ways = _Ways(shell, open_payment)
    words = _parts(patient)
    return ListSpec(
        key="clearing",
        name="SimplePractice",
        title=False,
        columns=_columns(patient),
        query=partial(_ask_page, words),
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
        ticking=False,
        sort="day",
        topics=TOPICS,
        empty=Empty("Everything that SimplePractice calls paid has come.", "circle-check"),
        none_words=lambda _state: "No lines that match these filters.",
        totals_words=_totals_words,
        all_total=lambda work: len(_clearing(work).lines),
        view_counts=partial(_ask_counts, words),
        detail=_pane(ways),
        least_width=620,
    )


class _Ways:
    """Where a line leads: its session, its payment, its client."""

    def __init__(self, shell: Shell, open_payment: OpenPayment) -> None:
        self._shell, self._open_payment = shell, open_payment
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

    def steps(self, line: Line) -> tuple[NextStep, ...]:
        """Return the buttons of the pane, the likeliest first."""
        found: list[NextStep] = []
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


def _parts(patient: str) -> Mapping[str, str]:
    return {
        CLIENT_PAID: f"{patient} paid",
        PAYER_PAID: "Payer paid",
        WRITTEN_OFF: "Written off",
    }


def _clearing(work: Work) -> Clearing:
    """Return the list, kept until something of it changes: three views count it."""
    return remembered(work, TOPICS, ("clearing", work.actor.staff_id), lambda: clearing_list(work))


def _lines(words: Mapping[str, str], found: Clearing) -> list[Line]:
    parts = list(words)
    lines = [
        Line(
            id=(one.charge_id or 0) * 4 + parts.index(one.part) + 1,
            view=PAID,
            day=one.day,
            who=one.patient or "Nobody",
            number=one.number,
            payer=one.payer,
            code=one.code,
            part=one.part,
            what=_what(words, one),
            since=one.since,
            amount=one.amount,
            reason=one.reason,
            session_id=one.session_id,
            patient_id=one.patient_id,
        )
        for one in found.lines
    ]
    lines += [
        Line(
            id=-2 * at - 1,
            view=LEFT,
            day=one.received_on,
            who=one.owner,
            number="",
            payer="",
            code="",
            part="",
            what=one.payment,
            since=one.received_on,
            amount=one.left,
            reason=one.reason,
            payment_id=one.payment_id,
        )
        for at, one in enumerate(found.left_over)
    ]
    lines += [
        Line(
            id=-2 * at - 2,
            view=REFUNDS,
            day=None,
            who=one.file_name,
            number="",
            payer="",
            code="",
            part="",
            what=f"Row {one.line}",
            since=None,
            amount=None,
            reason=one.reason,
        )
        for at, one in enumerate(found.refunds)
    ]
    return lines


def _what(words: Mapping[str, str], one: ClearingLine) -> str:
    return words[one.part]


def _matching(words: Mapping[str, str], work: Work, state: FilterState) -> list[Line]:
    view = next(iter(state.values(VIEW)), PAID)
    parts, text = state.values(PART), fold(state.text).split()
    return [
        line
        for line in _lines(words, _clearing(work))
        if line.view == view
        and (not parts or line.part in parts)
        and all(word in fold(f"{line.who} {line.number} {line.reason}") for word in text)
    ]


def _ask_page(words: Mapping[str, str], work: Work, state: FilterState, span: Span) -> Page[Line]:
    found = _matching(words, work, state)
    found.sort(key=lambda line: (_SORTS[span.sort](line), line.id), reverse=span.descending)
    clearing = _clearing(work)
    total = Money(sum((line.amount or Money()).cents for line in found))
    totals = {"amount": total, "ledger": clearing.ledger, "difference": clearing.difference}
    part = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), part, totals)


def _ask_counts(
    words: Mapping[str, str], work: Work, states: Mapping[str, FilterState]
) -> Mapping[str, int]:
    return {key: len(_matching(words, work, state)) for key, state in states.items()}


_SORTS: Mapping[str, Callable[[Line], str]] = {
    "day": lambda line: str(line.day or ""),
    "who": lambda line: fold(line.who),
    "payer": lambda line: fold(line.payer),
    "what": lambda line: fold(line.what),
    "since": lambda line: str(line.since or ""),
    "amount": lambda line: f"{(line.amount or Money()).cents + 10**15:020d}",
    "reason": lambda line: fold(line.reason),
    "code": lambda line: line.code,
}


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


def _totals_words(count: int, totals: Mapping[str, Money]) -> str:
    lines = count_text(count, *NOUN)
    if "ledger" not in totals:
        return lines
    ledger, off = totals["ledger"], totals["difference"]
    return f"{lines}; account 1060 is {stated(ledger)}, difference {stated(off)}"


def _pane(ways: _Ways) -> DetailSpec[Line, LineFacts]:
    def ask(work: Work, line: Line) -> LineFacts:
        found = _clearing(work)
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
    if line.view == PAID:
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
