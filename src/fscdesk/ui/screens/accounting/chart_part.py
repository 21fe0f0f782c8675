"""The Chart tab: the accounts as a tree with their balances, and the form of one beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fscdesk.models.values import Money
from fscdesk.services.accounting.chart import (
    AccountDraft,
    AccountRow,
    AccountType,
    add_account,
    change_account,
    chart,
    remove_account,
)
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.screens.accounting.part import HeldPart, Rooms
from fscdesk.ui.screens.accounting.tabs import LEDGER
from fscdesk.ui.screens.accounting.wording import FLOWS, TYPES
from fscdesk.ui.tables.columns import Column, badge_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct, View
from fscdesk.ui.theme import Status
from fscdesk.ui.undo import Undo

TYPE, VIEW = "type", "view"
IN_USE, CLOSED = "in_use", "closed"
NOUN = ("account", "accounts")
_TOPICS = frozenset({Topic.BOOKS, Topic.BANK, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS})
_STEP = "    "
_CREDITS = frozenset({AccountType.LIABILITY, AccountType.EQUITY, AccountType.INCOME})
_KEPT = Status("Kept by documents", "slate", "lock")
_SYSTEM = Status("Used by the program", "blue", "settings")
_CLOSED = Status("Closed", "neutral", "circle-minus")


@dataclass(frozen=True, slots=True)
class ChartLine:
    """An account of the chart with an id that a table can hold: made of its number."""

    id: int
    row: AccountRow

    @property
    def balance(self) -> Money:
        """The balance as the account's type reads it: what is owed and earned is positive."""
        return -self.row.balance if self.row.type in _CREDITS else self.row.balance


def id_of(code: str) -> int:
    """Return a number for an account's number: ``1000-01`` and ``1000-1`` differ."""
    base, _dash, below = code.partition("-")
    return int(f"1{base}") * 100_000 + int(f"1{below}")


def lines_of(work: Work, *, as_of: date | None = None) -> tuple[ChartLine, ...]:
    """Return all accounts, sub-accounts below theirs, with balances as of a day (today)."""
    day = work.today() if as_of is None else as_of
    return tuple(ChartLine(id_of(row.code), row) for row in chart(work, as_of=day))


class ChartPart(HeldPart):
    """Enter opens the ledger of an account, F2 goes into its form."""

    def __init__(self, rooms: Rooms) -> None:
        self.chart = _Chart(rooms)
        super().__init__(self.chart)
        action(self, "Edit the account", self.chart.edit, "F2")
        action(self, "Add a sub-account", self.chart.add_below, "Ctrl+Shift+N")

    def show_what(self, what: Mapping[str, Any]) -> None:
        if isinstance(what.get("row"), int):
            self.chart.list.go_to(what["row"])

    def here(self) -> Mapping[str, object]:
        return {"row": self.chart.list.view.picking.current_id}


class _Chart(ListAndForm[ChartLine, AccountDraft]):
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        super().__init__(
            rooms.shell, _spec(self._row_acts()), self._record(), keeping=rooms.keeping
        )

    def edit(self) -> None:
        """Put the cursor into the form of the current account."""
        if self.list.view.picking.current_row is not None:
            self._follow.stop()
            self._on_follow()
            self.pane.enter()

    def add_below(self) -> None:
        """Begin an account under the current one, of its type."""
        row = self.list.view.picking.current_row
        if row is None:
            return
        above = row.row
        self.new()
        draft = AccountDraft(_next_code(above.code), "", above.type, above.code, above.flow)
        self.pane.record.put(self.pane.form, draft)
        self.pane.form.field("name").editor.setFocus()

    def _on_opened(self, row: ChartLine) -> None:
        self._rooms.go(LEDGER, account=row.row.code)

    # What is declared

    def _row_acts(self) -> tuple[RowsAct[ChartLine], ...]:
        return (
            RowsAct("ledger", "Open the ledger", lambda rows: self._on_opened(rows[0])),
            RowsAct("below", "Add a sub-account", lambda _rows: self.add_below(), "plus"),
        )

    def _record(self) -> Record[ChartLine, AccountDraft]:
        return Record(
            noun=NOUN[0],
            rows=lines_of,
            fields_of=_draft_of,
            blank=lambda: AccountDraft("", "", AccountType.EXPENSE),
            build=_build,
            name_of=lambda draft: f"{draft.code} {draft.name}".strip(),
            add=lambda work, draft: id_of(add_account(work, draft)),
            edit=lambda work, line, draft: change_account(
                work, line.row.code, draft, expected_version=line.row.version
            ),
            line_of=_line_of,
            options=_options,
            acts=(
                RecordAct("Open the ledger", self._on_opened, "book-open"),
                RecordAct("Close", self._close, "circle-minus", _why_open),
                RecordAct("Open again", self._reopen, "rotate-ccw", _why_closed),
                RecordAct("Remove", self._remove, "x", _why_kept),
            ),
            fixed=("code",),
            fixed_because="An account keeps its number; its entries name it.",
            faults={
                "cannot be the number": "code",
                "Give the new account another": "code",
                "of another type": "parent",
                "under itself": "parent",
            },
        )

    # What happens

    def _close(self, line: ChartLine) -> None:
        self._set_active(line, active=False)

    def _reopen(self, line: ChartLine) -> None:
        self._set_active(line, active=True)

    def _set_active(self, line: ChartLine, *, active: bool) -> None:
        code, name = line.row.code, line.row.name
        shell = self._rooms.shell

        def done(undo: Undo) -> None:
            words = "is in use again" if active else "is closed: nothing new is posted on it"
            shell.messages.info(f"{code} {name} {words}.", undo=undo)

        shell.desk.act(
            self,
            lambda work: _turn(work, line, active=active),
            done,
            shell.messages.refused,
        )

    def _remove(self, line: ChartLine) -> None:
        row, shell = line.row, self._rooms.shell

        def remove(work: Work) -> Undo:
            remove_account(work, row.code, expected_version=row.version)
            return Undo(f"removing {row.code}", lambda again: _put_back(again, line))

        def done(undo: Undo) -> None:
            shell.messages.info(f"{row.code} {row.name} is removed.", undo=undo)

        shell.desk.act(self, remove, done, shell.messages.refused)


def _spec(acts: Sequence[RowsAct[ChartLine]]) -> ListSpec[ChartLine]:
    return ListSpec(
        key="chart",
        name="Chart of accounts",
        title=False,
        columns=_columns(),
        query=_page,
        noun=NOUN,
        filters=(
            ChoiceFilter(TYPE, "Type", tuple(Choice(key.value, TYPES[key]) for key in TYPES)),
        ),
        views=(
            View(IN_USE, "In use", FilterState().with_values(VIEW, (IN_USE,))),
            View(
                CLOSED,
                "Closed",
                FilterState().with_values(VIEW, (CLOSED,)),
                good_news="Every account of the chart is in use.",
            ),
            View("all", "All"),
        ),
        row_acts=tuple(acts),
        ticking=False,
        totals=False,
        sort="code",
        topics=_TOPICS,
        empty=Empty("The chart of accounts is empty.", "book-open"),
        none_words=lambda state: (
            f"No account with “{state.text.strip()}”."
            if state.text.strip()
            else "No accounts that match these filters."
        ),
    )


def _page(work: Work, state: FilterState, span: Span) -> Page[ChartLine]:
    words = state.text.casefold().split()
    types, view = state.values(TYPE), next(iter(state.values(VIEW)), "")
    found = [
        line
        for line in lines_of(work)
        if (not types or line.row.type.value in types)
        and (view != IN_USE or line.row.active)
        and (view != CLOSED or not line.row.active)
        and all(word in f"{line.row.code} {line.row.name}".casefold() for word in words)
    ]
    keys: dict[str, Callable[[ChartLine], Any]] = {
        "name": lambda line: line.row.name.casefold(),
        "balance": lambda line: line.balance,
    }
    if span.sort in keys:
        found.sort(key=keys[span.sort], reverse=span.descending)
    elif span.descending:
        found.reverse()
    return Page(span.start, len(found), tuple(found[span.start : span.start + span.size]))


def _columns() -> tuple[Column[ChartLine], ...]:
    return (
        Column(
            "code",
            "Number",
            lambda line: f"{_STEP * line.row.depth}{line.row.code}",
            width=116,
            priority=1,
        ),
        Column(
            "name",
            "Name",
            lambda line: f"{_STEP * line.row.depth}{line.row.name}",
            names=True,
            priority=1,
        ),
        Column(
            "type",
            "Type",
            lambda line: TYPES[line.row.type],
            width=84,
            priority=5,
            sortable=False,
        ),
        badge_column("state", "Kept", _mark, width=172, priority=2, sortable=False),
        money_column(
            "balance",
            "Balance today",
            lambda line: line.balance,
            width=124,
            priority=1,
            plain_negative=True,
        ),
    )


def _mark(line: ChartLine) -> Status | None:
    if not line.row.active:
        return _CLOSED
    if line.row.keeps:
        return _KEPT
    return _SYSTEM if line.row.system else None


def _line_of(line: ChartLine) -> str:
    row = line.row
    if row.keeps:
        return f"Kept by documents. {row.keeps}"
    if row.system:
        return "Used by the program: it stays, its name is yours."
    return "" if row.used else "Nothing was ever posted on it."


def _build(form: Form) -> None:
    form.row(
        code=TextField("Number", longest=11, hint="Three to six digits, may end like -01."),
        type=ChoiceField("Type", [(key, TYPES[key]) for key in TYPES]),
    )
    form.row(name=TextField("Name", longest=120))
    form.row(
        parent=ChoiceField("Sub-account of", optional=True, hint="An account of the same type.")
    )
    form.row(
        flow=ChoiceField(
            "In the cash flow statement",
            [(key, FLOWS[key]) for key in FLOWS],
            optional=True,
            hint="Where its changes stand; empty is operating for income and expense.",
        )
    )
    form.row(note=TextField("Note", optional=True, longest=300))
    form.row(active=CheckField("In use", hint="Nothing new is posted on a closed account."))


def _options(work: Work) -> Options:
    rows = chart(work, also_inactive=False)
    return {"parent": [(row.code, f"{row.code} {row.name}") for row in rows]}


def _draft_of(line: ChartLine) -> AccountDraft:
    row = line.row
    return AccountDraft(row.code, row.name, row.type, row.parent, row.flow, row.active, row.note)


def _turn(work: Work, line: ChartLine, *, active: bool) -> Undo:
    wanted = replace(_draft_of(line), active=active)
    change_account(work, line.row.code, wanted, expected_version=line.row.version)

    def back(again: Work) -> str:
        now = next((one for one in lines_of(again) if one.id == line.id), None)
        if now is None or now.row.active is not active:
            raise Problem(
                f"{line.row.code} was changed again since then.",
                hint="Nothing was undone. Look at it, and change what is wrong.",
            )
        _turn(again, now, active=not active)
        return f"{line.row.code} {line.row.name} is as it was."

    return Undo(f"{'opening' if active else 'closing'} {line.row.code}", back)


def _put_back(work: Work, line: ChartLine) -> str:
    add_account(work, _draft_of(line))
    return f"{line.row.code} {line.row.name} is in the chart again."


def _why_open(line: ChartLine) -> str:
    if not line.row.active:
        return "It is closed already."
    return "The program uses it: it stays open." if line.row.system else ""


def _why_closed(line: ChartLine) -> str:
    return "" if not line.row.active else "It is open."


def _why_kept(line: ChartLine) -> str:
    if line.row.system:
        return "The program uses it: it stays."
    return "It has entries: close it instead." if line.row.used else ""


def _next_code(above: str) -> str:
    """Return the number that a first sub-account could have: ``6000-01``."""
    return f"{above.partition('-')[0]}-01"
