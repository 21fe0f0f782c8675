"""The list of money that is not applied: whose it is, why, since when, what is promised of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.credit_list import OLD_DAYS, SIMPLEPRACTICE, TOPICS, VIEWS
from fscdesk.services.payments.entering import KINDS
from fscdesk.services.payments.queries import (
    CreditFilter,
    CreditRow,
    credit_counts,
    page_of_credits,
)
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.credit_acts import CreditActs
from fscdesk.ui.screens.payments.wording import kind_word, method_word, stated
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.theme import Status

VIEW, KIND, PAYMENT = "view", "kind", "payment"
MOST_BUTTONS = 3
NOUN = ("amount", "amounts")
_GOOD_NEWS = {"all": "All money is applied.", "old": "Nothing is older than 30 days."}
Off = Callable[[CreditRow], str]
OpenPayment = Callable[[int, str], object]
"""Shows a payment, by id and number, in its own tab."""


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A credit with a number of its own; what SimplePractice alone knows has the client's."""

    id: int
    credit: CreditRow


def unapplied_spec(
    shell: Shell, acts: CreditActs, open_payment: OpenPayment
) -> ListSpec[CreditLine]:
    """Return the declaration of the list."""
    return ListSpec(
        key="unapplied",
        name="Unapplied",
        title=False,
        columns=_columns(shell.practice.patient),
        query=_ask_page,
        noun=NOUN,
        filters=(
            ChoiceFilter("kind", "Kept as", _kinds()),
            ChoiceFilter(PAYMENT, "Payment", ask=_payments, always=False, single=True),
        ),
        views=tuple(
            View(
                key,
                name,
                FilterState() if key == "all" else FilterState().with_values(VIEW, (key,)),
                good_news=_GOOD_NEWS.get(key, ""),
            )
            for key, name in _view_names(shell.practice.patients).items()
        ),
        row_acts=_row_acts(acts),
        ticking=False,
        sort="since",
        topics=TOPICS,
        empty=Empty("All money is applied.", "circle-check"),
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        all_total=lambda work: credit_counts(work)["all"],
        view_counts=_ask_counts,
        detail=_pane(shell, acts, open_payment),
    )


def question_of(state: FilterState) -> CreditFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    view, payment = _one(state, VIEW), _one(state, PAYMENT)
    return CreditFilter(
        text=state.text.strip(),
        kinds=tuple(sorted(state.values(KIND))),
        payment_id=int(payment) if payment else None,
        view=view or "all",
    )


def of_payment(payment_id: int) -> FilterState:
    """Return the question for what is left of one payment."""
    return FilterState().with_values(PAYMENT, (str(payment_id),))


def _view_names(patients: str) -> Mapping[str, str]:
    return {**VIEWS, "clients": patients}


def _kinds() -> tuple[Choice, ...]:
    more = ("credit_memo", SIMPLEPRACTICE)
    return tuple(Choice(key, kind_word(key)) for key in (*dict(KINDS), *more))


def _ask_page(work: Work, state: FilterState, span: Span) -> Page[CreditLine]:
    page = page_of_credits(work, question_of(state), span)
    lines = tuple(CreditLine(row.id or -(row.patient_id or 0), row) for row in page.rows)
    return Page(page.start, page.total, lines, page.totals)


def _ask_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for key, state in states.items():
        wanted = question_of(state)
        found[key] = credit_counts(work, replace(wanted, view="all"))[wanted.view]
    return found


def _payments(work: Work, _state: FilterState) -> Sequence[Choice]:
    rows = page_of_credits(work, CreditFilter(), Span(0, 200, "payment", descending=True)).rows
    found = {row.payment_id: row.payment_number for row in rows if row.payment_id is not None}
    return [Choice(str(one), number) for one, number in found.items()]


def _columns(patient: str) -> tuple[Column[CreditLine], ...]:
    return (
        Column("owner", "Whose", lambda row: row.credit.owner, names=True, priority=1),
        Column("kind", "Kept as", lambda row: kind_word(row.credit.kind), width=150, priority=3),
        Column(
            "guarantor",
            f"Pays for the {patient.lower()}",
            lambda row: row.credit.guarantor,
            width=140,
            priority=7,
            shown=False,
        ),
        Column("payment", "Payment", lambda row: row.credit.payment_number, width=136, priority=5),
        date_column("since", "Since", lambda row: row.credit.since, priority=4),
        Column(
            "age",
            "Age",
            lambda row: count_text(row.credit.age, "day"),
            Kind.AGE,
            value=lambda row: row.credit.age,
            width=80,
            priority=6,
            shown=False,
        ),
        money_column("balance", "Left", lambda row: row.credit.balance, priority=2),
        money_column("promised", "To go back", lambda row: row.credit.promised, priority=5),
        money_column("free", "Free", lambda row: row.credit.free, priority=2),
    )


def _row_acts(acts: CreditActs) -> tuple[RowsAct[CreditLine], ...]:
    def act(
        key: str, word: str, do: Callable[[int], object], shortcut: str, off: Off
    ) -> RowsAct[CreditLine]:
        return RowsAct(
            key,
            word,
            lambda rows: do(rows[0].credit.id or 0),
            shortcut=shortcut,
            off_because=lambda rows: off(rows[0].credit),
        )

    applying, moving = partial(why_not_spent, memo=True), partial(why_not_spent, memo=False)
    return (
        act("apply", "Apply to charges…", acts.apply, "", applying),
        act("transfer", "Transfer…", acts.transfer, "Ctrl+Shift+T", why_not_transferred),
        act("kind", "Keep as another kind…", acts.change_kind, "", moving),
        act("refund", "Refund…", acts.refund, "Ctrl+Shift+U", partial(why_not, memo=False)),
    )


def why_not(credit: CreditRow, *, memo: bool) -> str:
    """Return why nothing can be done with a credit, or "". ``memo``: a credit memo will do."""
    if credit.id is None:
        return "No payment is known yet. Import the payment export, or enter the payment."
    if not memo and credit.memo_credit:
        return "A credit memo is no money that came."
    if credit.free.cents > 0:
        return ""
    whose = credit.payment_number or credit.owner
    return f"All {stated(credit.promised)} left of {whose} waits to go back. Call the refund off."


def why_not_spent(credit: CreditRow, *, memo: bool) -> str:
    """Return why a credit pays nothing and is kept as it is, or ""."""
    if credit.will_be_taken:
        return "The payer will take it back. Refund it, or settle it in Recoupments."
    return why_not(credit, memo=memo)


def why_not_transferred(credit: CreditRow) -> str:
    """Return why a credit cannot go to another client, or ""."""
    if credit.payer_id is not None:
        return "This is a payer's money. It pays the payer's share, or goes back."
    return why_not(credit, memo=False)


def _pane(
    shell: Shell, acts: CreditActs, open_payment: OpenPayment
) -> DetailSpec[CreditLine, CreditRow]:
    def head(credit: CreditRow) -> PaneHead:
        steps = (*_own_steps(acts, credit), *_ways_out(shell, open_payment, credit))
        first = sum(not step.off_because for step in steps[:MOST_BUTTONS])
        shown = steps[:MOST_BUTTONS] if first else ()
        more = tuple(step for step in steps if step not in shown)
        if not shown:  # all of it waits to go back: what is left to do is to look at it
            usable = [step for step in more if not step.off_because][:1]
            shown, more = tuple(usable), tuple(step for step in more if step not in usable)
        return PaneHead(
            name=credit.owner,
            line=f"{kind_word(credit.kind)} since {day_text(credit.since)}",
            badges=_badges(credit),
            figures=(
                Figure("Left", credit.balance),
                Figure("To go back", credit.promised),
                Figure("Free", credit.free),
            ),
            next_steps=shown,
            more=more,
        )

    return DetailSpec(
        ask=lambda _work, row: row.credit,
        head=head,
        tabs=(PaneTab("facts", "", lambda: FactsPage("Facts", _facts)),),
        nothing="Choose an amount to see whose it is.",
    )


def _own_steps(acts: CreditActs, credit: CreditRow) -> tuple[NextStep, ...]:
    """Return what can be done with a credit; nothing where no payment stands behind it."""
    if credit.id is None:
        return ()
    applying, moving = why_not_spent(credit, memo=True), why_not_spent(credit, memo=False)
    steps = (
        (f"Apply {stated(credit.free)}…", acts.apply, applying),
        ("Transfer…", acts.transfer, why_not_transferred(credit)),
        ("Refund…", acts.refund, why_not(credit, memo=False)),
        ("Keep as another kind…", acts.change_kind, moving),
    )
    return tuple(NextStep(word, partial(do, credit.id), off_because=off) for word, do, off in steps)


def _ways_out(shell: Shell, open_payment: OpenPayment, credit: CreditRow) -> tuple[NextStep, ...]:
    """Return where a credit leads: to its payment, to its client."""
    found: list[NextStep] = []
    if credit.payment_id is not None:
        payment = partial(open_payment, credit.payment_id, credit.payment_number)
        found.append(NextStep(f"Open {credit.payment_number}", payment))
    if credit.patient_id is not None and shell.has("patients"):
        client = partial(shell.open, "patients", patient=credit.patient_id)
        found.append(NextStep(f"Open the {shell.practice.patient.lower()}", client))
    return tuple(found)


def _badges(credit: CreditRow) -> tuple[Status, ...]:
    found = []
    if credit.promised:
        found.append(Status(f"{stated(credit.promised)} to go back", "amber", "rotate-ccw"))
    if credit.age > OLD_DAYS:
        found.append(Status(f"{count_text(credit.age, 'day')} old", "orange", "clock"))
    return tuple(found)


def _facts(credit: CreditRow) -> list[Section]:
    what = (
        ("Whose", f"{credit.owner} {credit.owner_number}".strip()),
        ("Who pays", credit.guarantor),
        ("Payment", credit.payment_number),
        ("Came by", method_word(credit.method.value if credit.method else "")),
        ("Since", f"{day_text(credit.since)}, {count_text(credit.age, 'day')}"),
        ("Note", credit.note),
    )
    return [
        Section("Where it comes from", tuple(Fact(label, (word,)) for label, word in what if word))
    ]


def _one(state: FilterState, key: str) -> str:
    return next(iter(state.values(key)), "")
