"""The Reminders tab: the letters that are due today, who gets none and why, and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction

from fscdesk.services.billing.page_joining import joined_documents
from fscdesk.services.billing.reminders import (
    LeftOutInvoice,
    Letter,
    NotReminded,
    ReminderPlan,
    RemindersMade,
    make_reminders,
    plan_reminders,
)
from fscdesk.services.billing.sendings import SentBy, log_sending
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.lists_part import ListsPart, NamedList
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.columns import Column, Kind, badge_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, PaneHead, PaneTab
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status

DUE, LEFT_OUT = "due", "left"
_TONES = {7: "neutral", 14: "sky", 30: "amber", 60: "orange", 90: "red"}
_WHYS = {
    NotReminded.NOT_YET: Status("Not yet", "neutral", "clock"),
    NotReminded.REMINDED: Status("Reminded", "green", "check"),
    NotReminded.DO_NOT_BILL: Status("Not billed", "slate", "ban"),
    NotReminded.BAD_ADDRESS: Status("Bad address", "orange", "map-pin"),
    NotReminded.NO_ADDRESS: Status("No address", "amber", "map-pin"),
    NotReminded.PARKED: Status("Parked", "slate", "pause"),
    NotReminded.ON_PLAN: Status("On a plan", "sky", "calendar-check"),
    NotReminded.DECEASED: Status("Deceased", "slate", "user-x"),
}


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter that would be made."""

    id: int
    one: Letter


@dataclass(frozen=True, slots=True)
class LeftRow:
    """An overdue invoice that is not reminded of."""

    id: int
    one: LeftOutInvoice


class RemindersPart(ListsPart):
    """One letter for each who pays; each invoice is reminded of once at each age."""

    basis = frozenset({Topic.LEDGER, Topic.INVOICES, Topic.PATIENTS, Topic.PLANS})

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        super().__init__(shell)
        self.plan: ReminderPlan | None = None
        self.made: RemindersMade | None = None
        self._making = False
        self._latest: Latest[ReminderPlan] = Latest(
            shell.desk, self, self._on_planned, shell.messages.refused
        )
        self.make = action(self, "Make the letters", self._on_make)
        self.again = action(self, "Print the letters…", self.print_made, "Ctrl+Shift+P")
        self.sent = action(self, "Mark the letters as sent", self.mark_sent)
        self._buttons = (
            ActionButton(self.again, "printer", parent=self._shelf),
            ActionButton(self.sent, "send", parent=self._shelf),
        )
        due: ListPart[LetterRow] = ListPart(
            shell.desk, _letters(self), messages=shell.messages, keeping=keeping
        )
        left: ListPart[LeftRow] = ListPart(
            shell.desk, _left(self), messages=shell.messages, keeping=keeping
        )
        self._lay_out(
            "Reminders",
            {DUE: NamedList("Due today", due), LEFT_OUT: NamedList("Not reminded", left)},
            foot=Foot(self.make, "bell", stopping="Stopping. No letter will be made."),
        )
        self._judge()

    def primary(self) -> QAction | None:
        return self.make if self.tabs.current == DUE else None

    def buttons(self) -> tuple[ActionButton, ...]:
        return self._buttons if self.made is not None else ()

    def print_(self) -> None:
        self.print_made()

    def plan_again(self) -> None:
        self._latest.ask(plan_reminders)

    def print_made(self) -> None:
        """Show the letters that were made last, on their way to the printer."""
        made = self.made
        if made is None:
            self._shell.messages.note("Make the letters first: a reminder is kept with its page.")
            return
        ids = [one.document_id for one in made.letters]
        self._shell.desk.ask(
            self,
            lambda work: joined_documents(work, ids),
            lambda pdf: self._shell.preview(pdf, count_text(len(ids), "letter"), "reminders.pdf"),
            self._shell.messages.refused,
        )

    def mark_sent(self) -> None:
        """Put a line for each letter into the send log."""
        made = self.made
        if made is None:
            return
        ids = [one.document_id for one in made.letters]

        def act(work: Work) -> None:
            for one in ids:
                log_sending(work, SentBy.PRINT, document_id=one)

        def done(_none: None) -> None:
            self._shell.messages.info(f"{count_text(len(ids), 'letter')} logged as sent.")
            self.made = None
            self._judge()
            self.told.emit()

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def _on_make(self) -> None:
        plan = self.plan
        if plan is None or self._making or not plan.letters:
            return
        self._making = True
        self._judge()

        def done(made: RemindersMade) -> None:
            self._making, self.made = False, made
            count, total = len(made.letters), money_text(made.total, zero_dash=False)
            verb = "is" if count == 1 else "are"
            self._shell.messages.info(
                f"{count_text(count, 'letter')} {verb} made and kept, about {total}."
            )
            self._judge()
            self.told.emit()
            self.print_made()
            self.plan_again()

        job = self._shell.desk.act(
            self,
            lambda work: make_reminders(work, plan, shown=plan.digest),
            done,
            self._refused,
            title="Making reminders",
        )
        if self.foot is not None:
            self.foot.follow(job)

    def _refused(self, fault: BaseException) -> None:
        self._making = False
        self._judge()
        self._shell.messages.refused(fault)
        if isinstance(fault, ChangedElsewhere):
            self.plan_again()

    def _on_planned(self, plan: ReminderPlan) -> None:
        self.plan = plan
        self.tabs.show_counts({DUE: len(plan.letters), LEFT_OUT: len(plan.left_out)})
        for one in self._named.values():
            one.part.refresh()
        self._judge()

    def _judge(self) -> None:
        plan, foot = self.plan, self.foot
        count = 0 if plan is None else len(plan.letters)
        self.make.setText(f"Make {count_text(count, 'letter')}" if count else "Make the letters")
        why = "" if count else "Nobody is to be reminded today"
        off_because(self.make, "The letters are being made" if self._making else why)
        for one in (self.again, self.sent):
            one.setVisible(self.made is not None)
        if foot is not None and plan is not None:
            total = money_text(plan.total, zero_dash=False)
            foot.say("No letter is made yet." if count else "")
            foot.result.setText(f"{total} in all" if count else "")


def _letters(part: RemindersPart) -> ListSpec[LetterRow]:
    def rows(_work: Work) -> Sequence[LetterRow]:
        some = () if part.plan is None else part.plan.letters
        return [LetterRow(one.guarantor_id, one) for one in some]

    detail: DetailSpec[LetterRow, LetterRow] = DetailSpec(
        ask=lambda _work, row: row,
        head=lambda row: PaneHead(
            name=row.one.name,
            line=f"Account {row.one.account}",
            badges=(_band(row.one.band),),
            figures=(Figure("Asks for", text=money_text(row.one.total, zero_dash=False)),),
        ),
        tabs=(PaneTab("lines", "", lambda: FactsPage("Invoices", _lines)),),
        nothing="Choose a letter to see its invoices.",
    )
    return short_spec(
        "reminders",
        "Reminders due today",
        ("letter", "letters"),
        rows,
        (
            Column("account", "Account", lambda row: row.one.account, width=84, priority=5),
            Column("who", "To", lambda row: row.one.name, names=True, width=190, priority=0),
            badge_column("band", "Reminder", lambda row: _band(row.one.band), width=124),
            Column(
                "invoices",
                "Invoices",
                lambda row: ", ".join(one.number for one in row.one.invoices),
                width=220,
                wide=True,
                priority=3,
            ),
            Column(
                "days",
                "Oldest",
                lambda row: f"{max(one.days_overdue for one in row.one.invoices)} days",
                Kind.AGE,
                value=lambda row: max(one.days_overdue for one in row.one.invoices),
                width=90,
                priority=3,
            ),
            money_column("total", "Asks for", lambda row: row.one.total, priority=0, strong=True),
        ),
        "account",
        Empty("Nobody is to be reminded today.", "circle-check"),
        detail=detail,
    )


def _left(part: RemindersPart) -> ListSpec[LeftRow]:
    def rows(_work: Work) -> Sequence[LeftRow]:
        some = () if part.plan is None else part.plan.left_out
        return [LeftRow(one.invoice_id, one) for one in some]

    return short_spec(
        "reminders_left",
        "Overdue invoices without a reminder",
        ("invoice", "invoices"),
        rows,
        (
            Column("account", "Account", lambda row: row.one.account, width=84, priority=5),
            Column("number", "Invoice", lambda row: row.one.number, width=124, priority=2),
            Column("who", "Name", lambda row: row.one.name, names=True, width=180, priority=0),
            badge_column("why", "Why", lambda row: _WHYS[row.one.reason_code], width=124),
            Column("reason", "Reason", lambda row: row.one.reason, width=240, wide=True),
            Column(
                "days",
                "Overdue",
                lambda row: f"{row.one.days_overdue} days",
                Kind.AGE,
                value=lambda row: row.one.days_overdue,
                width=90,
            ),
            money_column("open", "Open", lambda row: row.one.open, priority=0, strong=True),
        ),
        "account",
        Empty("No invoice is overdue without a reminder.", "circle-check"),
    )


def _band(days: int) -> Status:
    return Status(f"{days} days", _TONES[days], "bell")


def _lines(row: LetterRow) -> Sequence[FactLine]:
    return [
        FactLine(
            one.number,
            f"Due {day_text(one.due_on)}, {one.days_overdue} days overdue",
            one.open,
        )
        for one in row.one.invoices
    ]
