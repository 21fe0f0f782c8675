"""One claim's page: the form as its payer sees it, what was found, and how it goes again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.claims.changing import Changed, Put, Typed
from fscdesk.services.claims.fixes import NEW_AUTHORIZATION, Fix
from fscdesk.services.claims.page_view import ClaimView, claim_view
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import Menu
from fscdesk.ui.forms.card import EmptyState, Line
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.claims.claim_acts import ClaimActs
from fscdesk.ui.screens.claims.claim_authorization import ask_authorization
from fscdesk.ui.screens.claims.claim_head import ClaimHead
from fscdesk.ui.screens.claims.claim_page_acts import ClaimPageActs
from fscdesk.ui.screens.claims.claim_page_body import APPEAL, FORM, ClaimBody
from fscdesk.ui.screens.claims.claim_page_commands import ClaimCommands
from fscdesk.ui.screens.claims.claim_page_words import next_of
from fscdesk.ui.screens.claims.claim_wanted import PLACE, Wanted, put_cursor
from fscdesk.ui.screens.claims.crossing_acts import CrossingActs
from fscdesk.ui.tables.keeping import Keeping

TOPICS = frozenset(
    {
        Topic.CLAIMS,
        Topic.PATIENTS,
        Topic.PAYERS,
        Topic.PAYMENTS,
        Topic.PRACTICE,
        Topic.PROVIDERS,
        Topic.SESSIONS,
        Topic.STAFF,
    }
)


class ClaimScreen(Screen):
    """Opened with ``claim`` (its id); ``field`` and ``line`` say where the cursor goes.

    Without them it goes to what the payer's reason code points to, else to the first finding,
    else to the form. ``card`` puts the focus on the card on which a claim goes again.
    """

    title = "Claim"

    def __init__(
        self, shell: Shell, parent: QWidget | None = None, *, keeping: Keeping | None = None
    ) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._keeping = keeping or keeping_in_books()
        self.acts = ClaimPageActs(shell, self, self._today)
        self.crossing = CrossingActs(shell, self, self._today)
        self.list_acts = ClaimActs(shell, self, self._today)
        self.view: ClaimView | None = None
        self.body: ClaimBody | None = None
        self._wanted: Wanted | None = None
        self._drafts: dict[int, dict[str, str]] = {}
        self._going: Wanted | None = None
        self._made: dict[int, int] = {}  # corrections that were made here, and of which claim
        self._saving = False
        self.commands = ClaimCommands(self)
        self.head = ClaimHead(
            shell.back, self.commands.shown(), self._fill_menu, self.commands.next
        )
        self._nothing = EmptyState("file-text", "Choose a claim in the list.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._rule = Line()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self._rule):
            column.addWidget(part)
            part.hide()
        column.addWidget(self._stack, 1)
        self._latest: Latest[ClaimView] = Latest(shell.desk, self, self._on_view, self._on_refused)
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        shell.desk.changed.connect(self._on_changed)

    # What the window asks for

    def primary(self) -> QAction | None:
        if self.body is not None and self.body.appeal_step() is not None:
            return self.commands.appeal_step
        return self.commands.next if self.commands.next.isVisible() else None

    def refresh(self) -> None:
        self._look()
        if self.body is not None:
            self.body.tabs.refresh()

    def find_(self) -> None:
        if self.body is not None:
            self.body.part.find_()

    def export(self) -> None:
        if self.body is not None:
            self.body.part.export()

    def print_(self) -> None:
        """Show the file copy of the CMS-1500 (Ctrl+P)."""
        self.commands.print_copy()

    def save(self) -> None:
        """Save what was typed (Ctrl+S)."""
        body = self.body
        if body is not None and body.tabs.current in (FORM, APPEAL):
            body.part.save()

    def next_exception(self) -> None:
        """Go to the next finding (Ctrl+J)."""
        found = self.body.form.first_finding() if self.body is not None else None
        if found is None:
            self.shell.messages.note("Nothing is found that has to be mended.")
        elif self.body is not None and not self.body.go_to([found.field], found.line):
            self.shell.messages.note(f"{found.message} {found.hint}".strip())

    def escape(self) -> bool:
        if self.body is not None and self.body.part.escape():
            return True
        if self.body is not None and self.body.form.dirty:
            self.body.form.take_back()
            self.shell.messages.note("What was typed is taken back. Nothing was saved.")
            return True
        if self.body is None or not self.body.card_waits_elsewhere():
            return False
        return self.body.to_card()  # whose letters are keys again

    def panes(self) -> tuple[QWidget, ...]:
        return (self.head, *self.body.panes()) if self.body is not None else ()

    def here(self) -> Mapping[str, object]:
        if self.body is None:
            return {}
        self._keep_drafts()
        return {PLACE: self.body.claim_id, "tab": self.body.tabs.current}

    def on_shown(self, **what: Any) -> None:
        """Show the claim that another screen, or the way back, names."""
        self._today.learn(self.shell.desk, self)
        claim = what.get(PLACE, self.body.claim_id if self.body is not None else None)
        if type(claim) is not int:
            return
        self._keep_drafts()
        line = what.get("line")
        self._wanted = Wanted(
            claim,
            str(what.get("field", "")),
            line if type(line) is int else None,
            bool(what.get("card")),
            str(what.get("tab", "")),
            drafts=self._drafts.pop(claim, {}),
        )
        self._look()

    # What the commands ask for

    def go_again(self) -> None:
        """Ask, on the card, whether the claim shall go again; what was typed is saved first."""
        body = self.body
        if body is None:
            return
        if body.form.dirty:
            self.save_typed()
        else:
            body.beside.card.ask()

    def begin_note(self) -> None:
        """Put the cursor into the note (Ctrl+Shift+N)."""
        if self.body is not None:
            self.body.beside.note.setFocus()

    def open_appeal(self) -> None:
        """Open the tab of the appeal."""
        if self.body is not None:
            self.body.open_tab(APPEAL)
            self.body.tabs.enter()

    def open_check_list(self) -> None:
        """Show the batch in which the claim is to be typed into a portal."""
        if self.view is not None and self.view.page.sent:
            self._open_step(f"batch:{self.view.page.sent[0].batch_id}")

    def open_made(self, claim_id: int) -> None:
        """Show the claim that was just made of the one in front."""
        if self.body is not None:
            self._made[claim_id] = self.body.claim_id
        self.open_claim(claim_id)

    def open_claim(self, claim_id: int) -> None:
        """Show another claim."""
        self.shell.open(PLACE, claim=claim_id)

    def save_typed(self) -> None:
        """Save what was typed; with nothing typed, Enter goes on to the next box."""
        body = self.body
        if body is None or self._saving:
            return
        typed = body.form.typed()
        if typed is None:
            return
        if not typed:
            if not body.to_card():
                self.focusNextChild()
            return
        self._save(typed)

    def use(self, fix: Fix) -> None:
        """Do what a fix offers, with whatever else was typed."""
        body = self.body
        typed = body.form.typed() if body is not None else None
        if typed is None or self._saving:
            return
        if fix.value == NEW_AUTHORIZATION:
            self.add_authorization()
            return
        others = [one for one in typed if (one.field, one.line) != (fix.field, fix.line)]
        self._save((*others, Typed(fix.field, fix.value, fix.line)))

    def add_authorization(self, typed: str = "") -> None:
        """Ask for an authorization that is not on record, and put it on the claim."""
        if self.view is not None:
            page = self.view.page
            ask_authorization(self.shell, self, page, self._today, self._on_saved, typed)

    def put(self) -> None:
        """Put the claim into the next batch."""
        self.acts.put(self._on_put)

    # Saving

    def _save(self, typed: tuple[Typed, ...]) -> None:
        self._saving = True

        def saved(what: Changed) -> None:
            self._saving = False
            self._on_saved(what)

        def refused(fault: BaseException) -> None:
            self._saving = False
            if isinstance(fault, Problem):
                self._look()  # it may stand otherwise by now; what is typed stays
            self.shell.messages.refused(fault)

        self.acts.save(typed, saved, refused)

    def _on_saved(self, what: Changed) -> None:
        body = self.body
        if body is None:
            return
        body.form.take_back()
        self._drafts.pop(body.claim_id, None)
        if what.made:
            self._made[what.claim_id] = body.claim_id
            self.shell.open(PLACE, claim=what.claim_id, card=True)
            return
        waits = body.beside.card.waits()
        self._wanted = Wanted(body.claim_id, card=waits, enter=waits)
        self._look()

    def _on_put(self, what: Put) -> None:
        body = self.body
        if body is not None and what.claim_id != body.claim_id:
            self.open_made(what.claim_id)
        elif body is not None:
            self._wanted = Wanted(body.claim_id)
            self._look()

    def _keep_drafts(self) -> None:
        body = self.body
        if body is not None:
            drafts = body.form.drafts()
            if drafts:
                self._drafts[body.claim_id] = drafts
            else:
                self._drafts.pop(body.claim_id, None)

    # Looking

    def _look(self) -> None:
        wanted = self._wanted
        claim = wanted.claim if wanted else self.body.claim_id if self.body else None
        if claim is not None:
            self._latest.ask(partial(_view, claim))

    def _on_view(self, view: ClaimView) -> None:
        claim = view.page.row.id
        if view.page.row.status.value == "void" and claim in self._made:
            self.open_claim(self._made.pop(claim))  # its making was undone
            return
        wanted, self._wanted = self._wanted, None
        self.view, self.acts.page = view, view.page
        if self.body is None or self.body.claim_id != claim:
            self._make_body(claim)
        assert self.body is not None
        self.head.show_view(view, self.shell.practice.patient)
        self.body.show_view(view)
        self.commands.follow(view, next_of(view))
        self._judge()
        self.head.show()
        self._rule.show()
        self._stack.setCurrentWidget(self.body)
        if wanted is not None:
            self.body.form.restore(wanted.drafts)
            if wanted.tab:
                self.body.open_tab(wanted.tab)
            if wanted.enter:
                self._going = wanted
                self._focus_soon.start()

    def _focus(self) -> None:
        """Put the cursor where the work begins."""
        going, self._going = self._going, None
        body, view = self.body, self.view
        if going is not None and body is not None and view is not None and self.isVisible():
            put_cursor(body, view, going)

    def _on_refused(self, fault: BaseException) -> None:
        self._wanted = None
        if isinstance(fault, Problem):
            self._nothing.say(f"{fault.message} {fault.hint}".strip())
            self.head.hide()
            self._rule.hide()
            self._stack.setCurrentWidget(self._nothing)
        self.shell.messages.refused(fault)

    @Slot(object)
    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.isVisible() and self.body is not None and not self._saving:
            self._latest.again()

    # Building

    def _make_body(self, claim: int) -> None:
        old = self.body
        body = self.body = ClaimBody(self.shell, self, claim, self._today, self._keeping)
        self._stack.addWidget(body)
        if old is not None:
            old.hide()
            self._stack.removeWidget(old)
            old.deleteLater()
        body.tab_opened.connect(lambda _key: self._judge())
        body.form.entered.connect(self.save_typed)
        body.form.fix_wanted.connect(self.use)
        body.form.authorization_wanted.connect(self.add_authorization)
        body.form.accept_wanted.connect(self.acts.accept)
        card, beside = body.beside.card, body.beside
        card.wanted.connect(self.put)
        card.drop_wanted.connect(self.acts.drop)
        card.finding_wanted.connect(self.next_exception)
        card.left.connect(body.tabs.enter)
        card.stands.connect(self._judge)
        beside.link_wanted.connect(self.open_claim)
        beside.opened.connect(self._open_step)
        beside.note.kept.connect(self._keep_note)
        beside.note.left.connect(body.tabs.enter)

    def _keep_note(self, text: str) -> None:
        body = self.body

        def kept() -> None:
            if body is self.body and body is not None and body.beside.note.text().strip() == text:
                body.beside.note.clear()

        self.acts.note(text, kept)

    def _open_step(self, key: str) -> None:
        kind, _colon, number = key.partition(":")
        if kind == "batch" and self.shell.has("claims"):
            self.shell.open("claims", tab="batches", row=int(number))

    def _judge(self) -> None:
        """Keep one filled button: the card's while it asks, else the head's."""
        body = self.body
        taken = body is not None and (body.beside.card.asking or body.appeal_step() is not None)
        self.head.fill(primary=not taken)
        self.commands.name_appeal_step()

    def _fill_menu(self, menu: Menu) -> None:
        self.commands.fill(menu)


def _view(claim_id: int, work: Work) -> ClaimView:
    return claim_view(work, claim_id)
