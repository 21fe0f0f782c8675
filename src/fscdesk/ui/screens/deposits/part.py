"""The Deposits tab: Enter makes what is proposed, the pane says what goes in and counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Final

from fscdesk.services.banking.accounts import BankAccountView, bank_accounts
from fscdesk.services.banking.deposit_book import BookedDeposit, DepositState, deposit_way
from fscdesk.services.banking.deposits import MadeDeposit
from fscdesk.services.billing.documents import DocumentKind, kept
from fscdesk.services.work import Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.deposits.deposit_acts import (
    DepositActs,
    why_no_slip,
    why_not_each,
    why_not_made,
    why_not_together,
    why_not_undone,
)
from fscdesk.ui.screens.deposits.deposit_list import (
    ACCOUNT,
    ALL,
    TOPICS,
    VIEW,
    deposits_spec,
    picked_words,
)
from fscdesk.ui.screens.deposits.deposit_pages import (
    DOCUMENT,
    LINE,
    PAYMENT,
    CashPage,
    DepositView,
    PaymentsPage,
    SlipPage,
)
from fscdesk.ui.screens.deposits.making import Making, begun
from fscdesk.ui.screens.deposits.together import TOGETHER, Together
from fscdesk.ui.screens.deposits.wording import kind_word, name_of, state_mark
from fscdesk.ui.screens.payments.wording import stated
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead
from fscdesk.ui.tables.detail import PaneTab as Tab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import count_text, day_text

RECONCILIATION: Final = "reconciliation"
OpenPayment = Callable[[int], object]


class DepositsPart(PaneTab[BookedDeposit]):
    """What waits to be deposited and what was, one list. Opened on a deposit by its id."""

    def __init__(
        self,
        shell: Shell,
        keeping: Keeping,
        today: Callable[[], date],
        open_payment: OpenPayment,
    ) -> None:
        self._shell, self._today, self._open_payment = shell, today, open_payment
        self._makings: dict[int, Making] = {}
        self._together = Together(self.making)
        self._joint_shown = False
        self._just_made: tuple[int | None, int] | None = None
        """The row that became current after a deposit was made, and that deposit: its slip."""
        self._view: DepositView | None = None
        super().__init__(
            shell,
            deposits_spec((self._bulk(), self._row_acts()), self._detail(), picked_words),
            keeping=keeping,
            follows=TOPICS,
            opens=self._on_opened,
        )
        self.acts = DepositActs(shell, self)
        if self.list.pane is not None:
            self.list.pane.instead = self._shown_for
        self.list.model.ticks.changed.connect(self._on_ticks)

    def primary_button(self) -> Button | None:
        """Return the button that makes the ticked ones, or the pane's first."""
        if not len(self.list.model.ticks):
            return super().primary_button()
        buttons = self.list.body.bar.buttons.values()
        return next((one for one in buttons if one.property("kind") == "primary"), None)

    def open_deposit(self, deposit_id: int) -> None:
        """Show one deposit among all of them."""
        self.look_at(FilterState().with_values(VIEW, (ALL,)), ALL, deposit_id)

    def open_account(self, account_id: int, view: str = ALL) -> None:
        """Show the deposits to one bank account."""

        def named(found: tuple[BankAccountView, ...]) -> None:
            one = next((one for one in found if one.id == account_id), None)
            state = FilterState().with_values(VIEW, (view,))
            if one is not None:
                self.list.line.name_values(ACCOUNT, {one.name: one.label})
                state = state.with_values(ACCOUNT, (one.name,))
            self.look_at(state, view)

        self._shell.desk.ask(
            self,
            lambda work: bank_accounts(work, also_inactive=True),
            named,
            self._shell.messages.refused,
        )

    def print_slip(self) -> None:
        """Show the slip of the current deposit, or of the one just made (Ctrl+P)."""
        row = self.list.view.picking.current_row
        if (row is None or row.deposit is None) and self._just_made is not None:
            following, made = self._just_made
            if following == (None if row is None else row.id):
                self.acts.slip(made, if_made=True)
                return
        reason = "Choose a deposit first." if row is None else why_no_slip(row)
        if row is None or reason:
            self._shell.messages.note(reason)
        else:
            self.acts.slip(row.id)

    def making(self, row: BookedDeposit) -> Making | None:
        """Return what was said so far of one that is to be made."""
        if row.id == TOGETHER:
            return self._together.making
        if row.group is None:
            return None
        before = self._makings.get(row.id)
        now = begun(row.group, self._today()) if before is None else before.renewed(row.group)
        self._makings[row.id] = now
        return now

    # Doing

    def _on_opened(self, row: BookedDeposit) -> None:
        """Enter: make what is proposed, or the ticked ones on view; what is made is looked at."""
        if self._joint_shown:
            self._make_ticked()
        elif row.state is DepositState.TO_MAKE:
            self._make(row)
        else:
            self.into_pane()

    def _make(self, row: BookedDeposit) -> None:
        making = self.making(row)
        reason = why_not_made(row) if making is None else making.why_not()
        if making is None or reason:
            self._shell.messages.problem(reason, hint="Nothing was posted.")
            return
        self.acts.make([making.draft()], partial(self._forget, self._after(row), [row]))

    def _make_each(self, rows: Sequence[BookedDeposit]) -> None:
        makings = [one for row in rows if (one := self.making(row)) is not None]
        reason = next((words for one in makings if (words := one.why_not())), "")
        if reason:
            self._shell.messages.problem(reason, hint="Nothing was posted.")
            return
        then = partial(self._forget, self._after(*rows), rows)
        self.acts.make([one.draft() for one in makings], then)

    def _make_together(self, rows: Sequence[BookedDeposit]) -> None:
        joint = self._together.row_of(rows)
        making = None if joint is None else self._together.making
        reason = why_not_together(rows) if making is None else making.why_not()
        if making is None or reason:
            self._shell.messages.problem(reason, hint="Nothing was posted.")
            return
        self.acts.make([making.draft()], partial(self._forget, self._after(*rows), rows))

    def _make_ticked(self) -> None:
        self._make_together(self.list.model.ticks.rows)

    def _after(self, *made: BookedDeposit) -> int | None:
        """Return the row that is current once these are made: the next one, else the last left."""
        gone = {row.id for row in made}
        ids = [row.id for row in self.list.model.loaded()]
        below = max((at for at, ident in enumerate(ids) if ident in gone), default=-1) + 1
        left = [ident for ident in (*ids[below:], *reversed(ids[:below])) if ident not in gone]
        return next(iter(left), None)

    def _forget(
        self,
        following: int | None,
        rows: Sequence[BookedDeposit],
        made: Sequence[MadeDeposit],
    ) -> None:
        for row in rows:
            self._makings.pop(row.id, None)
        self.list.model.ticks.clear()
        self.list.go_to(following)
        self._just_made = (following, made[0].id) if len(made) == 1 else None

    def _shown_for(self, row: BookedDeposit) -> BookedDeposit:
        """Return what the pane is of: the ticked ones together where they are one deposit."""
        ticked = self.list.model.ticks.rows
        joint = self._together.row_of(ticked) if len(ticked) > 1 else None
        self._joint_shown = joint is not None
        return row if joint is None else joint

    def _on_ticks(self) -> None:
        ticked = len(self.list.model.ticks)
        if not ticked:
            self._together.forget()
        pane, row = self.list.pane, self.list.view.picking.current_row
        if pane is None or not self.list.pane_shown or row is None:
            self._joint_shown = False
        elif ticked > 1 or self._joint_shown:
            pane.follow(row)

    # What is declared

    def _bulk(self) -> tuple[RowsAct[BookedDeposit], ...]:
        return (
            RowsAct(
                "together",
                "Make one deposit",
                self._make_together,
                "landmark",
                off_because=why_not_together,
                likely=lambda rows: not why_not_together(rows),
            ),
            RowsAct(
                "each",
                "Make each",
                self._make_each,
                "list-checks",
                off_because=why_not_each,
                likely=lambda rows: bool(why_not_together(rows)),
            ),
        )

    def _row_acts(self) -> tuple[RowsAct[BookedDeposit], ...]:
        return (
            RowsAct(
                "make",
                "Make the deposit",
                lambda rows: self._make(rows[0]),
                off_because=lambda rows: why_not_made(rows[0]),
            ),
            RowsAct(
                "slip",
                "Deposit slip",
                lambda rows: self.acts.slip(rows[0].id),
                off_because=lambda rows: why_no_slip(rows[0]),
            ),
            RowsAct(
                "undo",
                "Take back…",
                lambda rows: self.acts.ask_undo(rows[0]),
                shortcut="Ctrl+Shift+U",
                off_because=lambda rows: why_not_undone(rows[0]),
            ),
        )

    def _detail(self) -> DetailSpec[BookedDeposit, DepositView]:
        return DetailSpec(
            ask=_ask,
            head=self._head,
            tabs=(
                Tab("payments", "Payments", self._payments_page),
                Tab("cash", "Cash count", self._cash_page),
                Tab("slip", "Slip and bank", self._slip_page),
            ),
            nothing="Choose a deposit to see what is in it.",
        )

    def _payments_page(self) -> PaymentsPage:
        page = PaymentsPage(lambda view: self.making(view.row))
        page.opened.connect(self._on_step)
        page.changed.connect(self._on_said)
        return page

    def _cash_page(self) -> CashPage:
        page = CashPage(lambda view: self.making(view.row))
        page.changed.connect(self._on_said)
        return page

    def _slip_page(self) -> SlipPage:
        page = SlipPage(lambda view: self.making(view.row), self._today, self._shell.practice.zone)
        page.opened.connect(self._on_step)
        page.changed.connect(self._on_said)
        return page

    def _head(self, view: DepositView) -> PaneHead:
        self._view = view
        row = view.row
        return PaneHead(
            name=row.words if row.id == TOGETHER else name_of(row),
            line=", ".join(
                part for part in (kind_word(row.kind), day_text(row.on), row.account) if part
            ),
            badges=(state_mark(row.state),),
            figures=self._figures(row),
            next_steps=tuple(self._steps(view)),
            more=tuple(self._more(view)),
        )

    def _figures(self, row: BookedDeposit) -> tuple[Figure, ...]:
        making = self.making(row)
        if making is None:
            return (
                Figure("To the bank", row.amount, plain=True),
                Figure("Fees", row.fees),
                Figure("Payments", text=count_text(row.items)),
            )
        taken, of = len(making.taken), len(making.group.items)
        return (
            Figure("To the bank", making.amount, plain=True),
            Figure("Cash", making.cash),
            Figure("Payments", text=f"{taken} of {of}" if taken != of else f"{of}"),
        )

    def _steps(self, view: DepositView) -> list[NextStep]:
        row = view.row
        if row.id == TOGETHER:  # the bar's "Make one deposit" is the primary one
            return [NextStep(self._make_words(row), self._make_ticked, "landmark", quiet=True)]
        if row.state is DepositState.TO_MAKE:
            return [NextStep(self._make_words(row), partial(self._make, row), "landmark")]
        if row.deposit is None:
            return []
        slip = NextStep("Deposit slip", partial(self.acts.slip, row.id), "printer")
        back = NextStep(
            "Take back…",
            partial(self.acts.ask_undo, row),
            off_because=why_not_undone(row),
            quiet=True,
        )
        steps = [] if why_no_slip(row) else [slip]
        return [*steps, back] if row.state is not DepositState.UNDONE else steps

    def _more(self, view: DepositView) -> list[NextStep]:
        found = []
        if view.way is not None and self._shell.has("accounting"):
            entry = view.way.detail.entry_id
            found.append(
                NextStep("Open the entry", partial(self._shell.open, "accounting", entry=entry))
            )
        if view.way is not None and view.way.lines and self._shell.has(RECONCILIATION):
            line = view.way.lines[0].id
            found.append(NextStep("Open the bank's line", partial(self._open_bank, line)))
        return found

    def _make_words(self, row: BookedDeposit) -> str:
        making = self.making(row)
        return f"Deposit {stated(making.amount)}" if making is not None else "Deposit"

    # What happens

    def _on_said(self) -> None:
        """Say in the head and on the button what the deposit is now."""
        view, pane = self._view, self.list.pane
        if view is None or pane is None:
            return
        pane.well.show_figures(self._figures(view.row))
        first = next(iter(pane.foot.buttons()), None)
        making = self.making(view.row)
        if isinstance(first, Button) and making is not None:
            first.set_words(self._make_words(view.row))
            first.off_because(making.why_not())
        cash = pane.page("cash")
        if isinstance(cash, CashPage) and making is not None:
            cash.form.judge(making.cash)

    def _on_step(self, key: str) -> None:
        what, _colon, number = key.partition(":")
        if what == PAYMENT:
            self._open_payment(int(number))
        elif what == DOCUMENT:
            self.acts.slip_kept(int(number))
        else:
            self._open_bank(int(number) if what == LINE else None)

    def _open_bank(self, line: int | None) -> None:
        """Open the bank's line, in its reconciliation where there is one."""
        way = None if self._view is None else self._view.way
        if way is None or not self._shell.has(RECONCILIATION):
            return
        asked: dict[str, object] = {"tab": "bank", "account": way.account_id}
        if way.reconciliation_id is not None:
            asked["period"] = way.reconciliation_id
        if line is not None:
            asked["line"] = line
        self._shell.open(RECONCILIATION, **asked)


def _ask(work: Work, row: BookedDeposit) -> DepositView:
    if row.deposit is None:
        return DepositView(row, accounts=bank_accounts(work))
    way = deposit_way(work, row.id)
    return DepositView(row, way, kept(work, DocumentKind.DEPOSIT_SLIP, row.id))
