"""The credit memos of an account: what was given, where it went, and what is left of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fscdesk.services.billing.adjustment_lists import MemoRow, memos_of
from fscdesk.services.billing.memo_pages import memo_uses
from fscdesk.services.printing.credit_memo_document import CreditMemoUse
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.memo_acts import MemoActs
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.text import day_text, money_text
from fscdesk.ui.theme import Status

_TOPICS = frozenset({Topic.INVOICES, Topic.PAYMENTS, Topic.LEDGER, Topic.APPROVALS})
_WAITING = Status("Waits for approval", "amber", "clock")
_REFUSED = Status("Refused", "neutral", "ban")
_VOID = Status("Void", "neutral", "ban")
_OPEN = Status("To be applied", "sky", "circle-dot")
_PART = Status("Partly applied", "teal", "circle-dot")
_USED = Status("Applied", "green", "circle-check")


@dataclass(frozen=True, slots=True)
class MemoView:
    """A credit memo, and where parts of it went."""

    row: MemoRow
    uses: tuple[CreditMemoUse, ...]


class MemosTab(ListTab[MemoRow]):
    """The list with the uses of the current memo beside it; Enter shows its page."""

    def __init__(self, shell: Shell, patient_id: int, keeping: Keeping, acts: MemoActs) -> None:
        self.acts = acts
        super().__init__(shell, _spec(patient_id, acts), keeping=keeping)
        self.list.opened.connect(self._on_opened)
        self.list.answered.connect(self._on_answered)

    def new_verb(self) -> str:
        return "New credit memo"

    def new(self) -> None:
        self.acts.issue()

    def _on_opened(self, row: MemoRow) -> None:
        if not _never_issued(row):
            self.acts.show(row)

    def _on_answered(self) -> None:
        if self.list.view.picking.current_id is None:
            self.list.view.picking.go(0)


def memo_mark(row: MemoRow) -> Status:
    """Return where a credit memo stands: decided, void, and how much of it is applied."""
    marks = {"waiting": _WAITING, "refused": _REFUSED, "void": _VOID}
    if row.status.value in marks:
        return marks[row.status.value]
    if not row.left:
        return _USED
    return _PART if row.applied else _OPEN


def _spec(patient_id: int, acts: MemoActs) -> ListSpec[MemoRow]:
    columns: tuple[Column[MemoRow], ...] = (
        Column("number", "Credit memo", lambda row: row.number, names=True, width=136, priority=1),
        date_column("issued_on", "Made", lambda row: row.issued_on, priority=2),
        badge_column("status", "Status", memo_mark, width=156, priority=1),
        Column("invoice", "Invoice", lambda row: row.invoice, width=132, priority=4),
        Column("reason", "Reason", lambda row: row.reason, width=160, wide=True, priority=5),
        money_column("amount", "Amount", lambda row: row.amount, priority=2),
        money_column("applied", "Applied", lambda row: row.applied, priority=3),
        money_column("left", "Left", lambda row: row.left, priority=1),
    )

    def rows(work: Work) -> Sequence[MemoRow]:
        return memos_of(work, patient_id)

    def act(key: str, word: str, do: Any, why: Any, icon: str = "", shortcut: str = "") -> Any:
        return RowsAct(
            key,
            word,
            lambda found: do(found[0]),
            icon,
            shortcut,
            lambda found: why(found[0]) if len(found) == 1 else "One credit memo at a time.",
        )

    return ListSpec(
        key="account-memos",
        name="Credit memos",
        columns=columns,
        query=query_of(rows, columns),
        noun=("credit memo", "credit memos"),
        row_acts=(
            act("apply", "Apply…", acts.apply, _nothing_left, "circle-check", "Ctrl+Shift+A"),
            act("print", "Print…", acts.show, _never_issued),
            act("email", "E-mail as a file…", acts.email, _never_issued),
            act("void", "Void…", acts.void, _not_void, "ban", "Ctrl+Shift+V"),
            act("call_off", "Take the request back", acts.call_off, _not_waiting),
        ),
        ticking=False,
        totals=False,
        title=False,
        sort="issued_on",
        descending=True,
        topics=_TOPICS,
        empty=Empty(
            "No credit memo was issued on this account.",
            "receipt",
            Press("Issue a credit memo", acts.issue),
        ),
        detail=DetailSpec(
            ask=lambda work, row: MemoView(row, memo_uses(work, row.id)),
            head=partial(_head, acts),
            tabs=(PaneTab("uses", "Where it went", _uses_page),),
            nothing="Choose a credit memo to see where it went.",
        ),
    )


def _head(acts: MemoActs, view: MemoView) -> PaneHead:
    row = view.row
    of = f" for {row.invoice}" if row.invoice else ""
    why = f" Void: {row.void_reason}" if row.void_reason else ""
    apply = NextStep("Apply…", partial(acts.apply, row), "circle-check", _nothing_left(row))
    show = NextStep("Print…", partial(acts.show, row), "printer", _never_issued(row))
    off = NextStep("Take the request back", partial(acts.call_off, row))
    steps: tuple[NextStep, ...] = (show,) if _nothing_left(row) else (apply, show)
    if row.status.value == "waiting":
        steps = (off,)
    return PaneHead(
        row.number,
        f"{day_text(row.issued_on)}{of}: {row.reason}{why}",
        badges=(memo_mark(row),),
        figures=(
            Figure("Amount", row.amount),
            Figure("Applied", row.applied),
            Figure("Left", row.left),
        ),
        next_steps=steps,
        more=(
            NextStep("E-mail as a file…", partial(acts.email, row), off_because=_never_issued(row)),
            NextStep("Void…", partial(acts.void, row), off_because=_not_void(row)),
        ),
    )


def _uses_page() -> PanePage:
    return FactsPage("Where the credit memo went", _sections)


def _sections(view: Any) -> Sequence[Section]:
    row = view.row
    if row.status.value == "waiting":
        asked = Fact("Request", (row.request_number,))
        return (Section("Approval", (asked, Fact("Posted", ("when it is approved",)))),)
    lines = [
        Fact(f"{day_text(use.day)}  {_short(use)}", (money_text(use.amount, zero_dash=False),))
        for use in view.uses
    ]
    if not lines:
        return (Section("Applied", (Fact("So far", ("nothing",)),)),)
    return (Section("Applied to", tuple(lines), ("Amount",)),)


def _short(use: CreditMemoUse) -> str:
    return use.what.removeprefix("Applied to ")


def _nothing_left(row: MemoRow) -> str:
    if _never_issued(row):
        return _never_issued(row)
    return "" if row.left else "Nothing is left of it."


def _never_issued(row: MemoRow) -> str:
    if row.status.value == "waiting":
        return "It waits for a second person."
    return "It was refused and never issued." if row.status.value == "refused" else ""


def _not_void(row: MemoRow) -> str:
    if _never_issued(row):
        return _never_issued(row)
    if row.left:
        return ""
    return "It is void." if row.status.value == "void" else "Nothing is left of it."


def _not_waiting(row: MemoRow) -> str:
    return "" if row.status.value == "waiting" else "It waits for nobody."
