"""One remittance side by side: what we billed, what the payer said, and what posts it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.remittances.beside import ClaimBeside
from fscdesk.services.remittances.detail import PageClaim, PagePlb, RemittancePage, remittance_text
from fscdesk.services.work import Topic
from fscdesk.ui import theme
from fscdesk.ui.forms.card import EmptyState, Line
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.remittances.balances import BalanceFoot, balances_of
from fscdesk.ui.screens.remittances.claim_pane import ClaimPane
from fscdesk.ui.screens.remittances.head import RemittanceHead
from fscdesk.ui.screens.remittances.page_acts import RemittanceActs
from fscdesk.ui.screens.remittances.page_commands import PageCommands, Standing
from fscdesk.ui.screens.remittances.page_export import PageExport
from fscdesk.ui.screens.remittances.page_questions import PageQuestions
from fscdesk.ui.screens.remittances.page_seen import Seen, ask_seen
from fscdesk.ui.screens.remittances.page_words import going, notice_of, whole_of
from fscdesk.ui.screens.remittances.raw_text import RawText
from fscdesk.ui.screens.remittances.sheet import RemittanceSheet
from fscdesk.ui.screens.remittances.sheet_rows import corrected_by, exceptions_of, sheet_of

PLACE, CLAIM = "remittance", "claim"
TOPICS = frozenset({Topic.REMITTANCES, Topic.PAYMENTS, Topic.CLAIMS, Topic.PAYERS})
_WIDE = 1010
"""With less room than this the pane takes its least width."""


class RemittanceScreen(Screen):
    """Opened with ``remittance`` (its id), and ``position`` for one of its claims.

    The first claim that needs a look has the focus; Enter goes on to the next of them.
    """

    title = "Remittance"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.seen: Seen | None = None
        self._wanted: int | None = None
        self._position: int | None = None
        self._held: dict[int, set[int]] = {}
        self._agreed: dict[int, set[int]] = {}
        self.acts = RemittanceActs(shell, self)
        self.commands = PageCommands(self, self, lambda: self.questions)
        self.exporting = PageExport(shell, self)
        self.head = RemittanceHead(
            shell.back, self.commands.text, self.commands.fill, (self.newer, self.older)
        )
        self.sheet = RemittanceSheet()
        self.sheet.moved.connect(lambda _unit: self._show_unit())
        self.sheet.entered.connect(self.go_on)
        self.sheet.held.connect(self.hold)
        self.raw = RawText()
        self.foot = BalanceFoot()
        self.pane = ClaimPane(self.commands.post, self.commands.seconds())
        self.pane.left.connect(self._focus)
        self.questions = PageQuestions(shell, self.pane, self.acts, self._current)
        self._views = QStackedWidget()
        self._stack = QStackedWidget()
        self._nothing = EmptyState("scroll-text", "Choose a remittance in Payments.")
        self._whole = self._build()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._latest: Latest[Seen] = Latest(shell.desk, self, self._on_seen, self._on_refused)
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._focus)
        shell.desk.changed.connect(self._on_changed)

    def _build(self) -> QWidget:
        """Put head, claims, sums and pane together."""
        self._views.addWidget(self.sheet)
        self._views.addWidget(self.raw)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._views, 1)
        left.addWidget(self.foot)
        body = QWidget()
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addLayout(left, 1)
        across.addWidget(Line(upright=True))
        across.addWidget(self.pane)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, Line()):
            column.addWidget(part)
        column.addWidget(body, 1)
        return whole

    # What the window asks for

    def primary(self) -> QAction | None:
        return self.commands.post if self.commands.post.isVisible() else None

    def refresh(self) -> None:
        self._latest.again()

    def export(self) -> None:
        if self.seen is not None:
            self.exporting.pop(self.seen.page, self.head)

    def next_exception(self) -> None:
        """Go to the next claim that needs a look (Ctrl+J)."""
        if self.seen is None:
            return
        found = [
            unit for unit in exceptions_of(self.seen.page) if unit > max(self.sheet.current, -1)
        ]
        if found:
            self.sheet.go(found[0])
        else:
            self.shell.messages.note(self._nothing_else())
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> bool:
        if self.pane.ask.asking:
            self.pane.ask.leave()
            return True
        if self._views.currentWidget() is self.raw:
            self.toggle_text()
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        return (self.head, self._front, self.pane)

    def here(self) -> Mapping[str, object]:
        if self.seen is None:
            return {}
        claim = self._claim()
        found: dict[str, object] = {PLACE: self.seen.page.row.id}
        if claim is not None:
            found["position"] = claim.position
        return found

    def on_shown(self, **what: Any) -> None:
        wanted = what.get(PLACE)
        if type(wanted) is int:
            position = what.get("position")
            self._position = position if type(position) is int else None
            self.open_(wanted)
        elif self.seen is not None:
            self._latest.again()
        self._focus_soon.start()

    def open_(self, remittance_id: int) -> None:
        """Show a remittance."""
        self._wanted = remittance_id
        self._latest.ask(partial(ask_seen, remittance_id))

    # What the commands ask for

    def go_on(self) -> None:
        """Go to the next claim that needs a look (Enter); on one that is posted open its claim."""
        claim = self._claim()
        if claim is not None and claim.posted:
            self.open_claim()
        else:
            self.next_exception()

    def post(self) -> None:
        """Post what goes (Ctrl+Enter)."""
        seen = self.seen
        if seen is None or self.pane.ask.asking or not self.commands.post.isEnabled():
            return
        what = going(seen.page, *self._chosen())
        self.acts.post(seen.page, what, self._chosen()[1], self._after_posting)
        self._follow()

    def hold(self) -> None:
        """Hold the current claim, or release it (Space)."""
        if self.commands.hold.isVisible():
            self._turn(self._held)

    def agree(self) -> None:
        """Let the current claim be posted all the same, or let it wait."""
        if self.commands.agree.isVisible():
            self._turn(self._agreed)

    def match_again(self) -> None:
        """Look again whose claims it is about (Ctrl+L)."""
        if self.seen is not None:
            self.acts.match_again(self.seen.page)

    def toggle_text(self) -> None:
        """Show the file as it came in, or the claims again."""
        if self._views.currentWidget() is self.raw:
            self._views.setCurrentWidget(self.sheet)
            self.commands.text.setText("835 text")
            self._focus()
            return
        seen = self.seen
        if seen is None:
            return

        def shown(found: tuple[str, bytes]) -> None:
            self.raw.show_bytes(found[1])
            self._views.setCurrentWidget(self.raw)
            self.commands.text.setText("Side by side")
            self.raw.setFocus(Qt.FocusReason.OtherFocusReason)

        self.shell.desk.ask(
            self,
            lambda work: remittance_text(work, seen.page.row.id),
            shown,
            self.shell.messages.refused,
        )

    def open_claim(self) -> None:
        """Open our claim."""
        claim = self._claim()
        if claim is not None and claim.claim_id is not None and self.shell.has(CLAIM):
            self.shell.open(CLAIM, claim=claim.claim_id)

    def open_underpaid(self) -> None:
        """Show what of the current claim was paid too low, in Payments."""
        claim = self._claim()
        if claim is not None and self.seen is not None and self.shell.has("payments"):
            text = f"{self.seen.page.row.number} {claim.patient}"
            self.shell.open("payments", tab="underpaid", view="all", text=text)

    def open_conflict(self) -> None:
        """Open the remittance of the same check that says something else."""
        if self.seen is not None and self.seen.page.conflict_id is not None:
            self.shell.open(PLACE, remittance=self.seen.page.conflict_id)

    def newer(self) -> None:
        """Go to the newer remittance (Ctrl+Up)."""
        if self.seen is not None and self.seen.near.before is not None:
            self.open_(self.seen.near.before)

    def older(self) -> None:
        """Go to the older remittance (Ctrl+Down)."""
        if self.seen is not None and self.seen.near.after is not None:
            self.open_(self.seen.near.after)

    # Looking

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = theme.now.size
        narrow = self.width() < _WIDE
        self.pane.fold(size.detail_pane_min if narrow else size.detail_pane)

    def _on_seen(self, seen: Seen) -> None:
        before, self.seen = self.seen, seen
        page = seen.page
        other = before is None or before.page.row.id != page.row.id
        if other:
            self._views.setCurrentWidget(self.sheet)
            self.commands.text.setText("835 text")
            self.pane.ask.hide()
        self.head.show_page(page, seen.near)
        self.foot.show_balances(balances_of(page))
        if other:
            self.sheet.current = self._first(page)
        self._position = None
        self._follow()
        self._stack.setCurrentWidget(self._whole)
        if other:
            self._focus_soon.start()

    def _first(self, page: RemittancePage) -> int:
        if self._position is not None:
            return next(
                (at for at, one in enumerate(page.claims) if one.position == self._position), 0
            )
        return next(iter(exceptions_of(page)), 0)

    def _follow(self) -> None:
        """Show rows, pane and commands as they stand now."""
        if self.seen is None:
            return
        self.sheet.show_sheet(sheet_of(self.seen.page, *self._chosen()))
        self._show_unit()

    def _after_posting(self) -> None:
        """Look again: what was refused stands otherwise than it is shown."""
        self._follow()
        self._latest.again()

    def _show_unit(self) -> None:
        seen, unit = self.seen, self._unit()
        if seen is None:
            return
        held, agreed = self._chosen()
        claim = unit if isinstance(unit, PageClaim) else None
        is_held = claim is not None and claim.position in held
        is_agreed = claim is not None and claim.position in agreed
        if claim is not None:
            beside = seen.beside.get(claim.id, ClaimBeside())
            instead = corrected_by(seen.page, claim)
            self.pane.show_claim(
                claim, beside, instead, held=is_held, agreed=is_agreed, whole=whole_of(seen.page)
            )
        elif isinstance(unit, PagePlb):
            self.pane.show_plb(unit)
        what = going(seen.page, held, agreed)
        self.pane.show_notice(notice_of(seen.page, what.off_because))
        self.commands.follow(
            Standing(seen.page, unit, what, is_held, is_agreed, posting=self.acts.job is not None)
        )
        self.pane.judge()

    def _on_refused(self, fault: BaseException) -> None:
        if isinstance(fault, Problem):
            self.seen = None
            self._nothing.say(f"{fault.message} {fault.hint}".strip())
            self._stack.setCurrentWidget(self._nothing)
        self.shell.messages.refused(fault)

    @Slot(object)
    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.isVisible() and self.seen is not None:
            self._latest.again()

    # What is current

    @property
    def _front(self) -> QWidget:
        return self.raw if self._views.currentWidget() is self.raw else self.sheet

    def _unit(self) -> PageClaim | PagePlb | None:
        units = self.sheet.sheet.units
        return units[self.sheet.current] if 0 <= self.sheet.current < len(units) else None

    def _claim(self) -> PageClaim | None:
        unit = self._unit()
        return unit if isinstance(unit, PageClaim) else None

    def _chosen(self) -> tuple[frozenset[int], frozenset[int]]:
        one = 0 if self.seen is None else self.seen.page.row.id
        return frozenset(self._held.get(one, ())), frozenset(self._agreed.get(one, ()))

    def _turn(self, kept: dict[int, set[int]]) -> None:
        claim = self._claim()
        if self.seen is not None and claim is not None:
            kept.setdefault(self.seen.page.row.id, set()).symmetric_difference_update(
                {claim.position}
            )
            self._follow()

    def _current(self) -> tuple[RemittancePage, PageClaim | None] | None:
        return None if self.seen is None else (self.seen.page, self._claim())

    def _nothing_else(self) -> str:
        post = self.commands.post
        if post.isVisible() and post.isEnabled():
            return f"Nothing else needs a look. Ctrl+Enter: {post.text()}."
        return "Nothing else needs a look."

    def _focus(self) -> None:
        if self.isVisible() and not self.pane.ask.asking:
            self._front.setFocus(Qt.FocusReason.OtherFocusReason)
