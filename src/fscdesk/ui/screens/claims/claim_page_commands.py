"""The commands of a claim's page: with their keys, switched by what the claim's status allows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from fscdesk.services.claims.as_cms1500 import CmsMode
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui.actions import Menu, action, shown_key
from fscdesk.ui.screens.claims.claim_acts import PATIENTS
from fscdesk.ui.screens.claims.claim_lines_grid import LineCell
from fscdesk.ui.screens.claims.claim_page_words import Next

if TYPE_CHECKING:
    from fscdesk.ui.screens.claims.claim_page import ClaimScreen

SESSIONS = "sessions"


class ClaimCommands:
    """Each is an action of the screen, so that Ctrl+K and Ctrl+/ list what can be done now."""

    def __init__(self, screen: ClaimScreen) -> None:
        self._screen = screen
        self._next = Next("", "")
        acts = screen.acts
        self.next = action(screen, "Next step", self._do_next)
        self.next.setVisible(False)
        self.appeal_step = action(screen, "Next step of the appeal", self._press_appeal)
        self.appeal_step.setVisible(False)
        self.cms = action(screen, "CMS-1500", self.print_copy)
        self.red = action(
            screen, "CMS-1500 on the red form", partial(acts.print_, CmsMode.RED_FORM)
        )
        self.void = action(screen, "Void (8)", self._void)
        self.appeal = action(screen, "Write appeal", screen.open_appeal)
        self.note = action(screen, "Add a note", screen.begin_note, "Ctrl+Shift+N")
        self.session = action(screen, "Open the session", self._open_session, "Ctrl+L")
        self.client = action(screen, "Open the account", self._open_client)
        self.answer = action(screen, "Note the payer's answer…", acts.answer)
        self.correct = action(screen, "Correct it", screen.go_again)
        self.hold = action(screen, "Hold…", acts.hold)
        self.release = action(screen, "Release", acts.release)
        self.check = action(screen, "Check again", self._check, "Ctrl+Shift+B")
        self.mine = action(screen, "Assign to me", self._take, "Ctrl+Shift+A")
        self.assign = action(screen, "Assign…", acts.assign)
        self.plan = action(screen, "Next action…", self._plan, "Ctrl+Shift+D")
        self.drop = action(screen, "Drop…", acts.drop)
        self.passed_on = action(screen, "Passed on by the earlier payer…", self._passed_on)
        self.not_passed_on = action(screen, "Not passed on after all", self._not_passed_on)
        action(screen, "Next tab", partial(self._step, 1), "Ctrl+PgDown")
        action(screen, "Previous tab", partial(self._step, -1), "Ctrl+PgUp")

    def shown(self) -> tuple[tuple[QAction, str], ...]:
        """Return those that are buttons of the head, with their icons."""
        return ((self.cms, "printer"), (self.void, "ban"), (self.appeal, "scroll-text"))

    def follow(self, view: ClaimView, what: Next | None) -> None:
        """Switch on what this claim allows, and name what comes next."""
        may, shell = view.page.may, self._screen.shell
        status = view.page.row.status.value
        self._next = what or Next("", "")
        self.next.setText(self._next.words or "Next step")
        self.next.setVisible(what is not None)
        if what is not None and what.icon:
            self._screen.head.primary.set_icon(what.icon)
        has = view.page.content is not None
        allowed = {
            self.cms: has,
            self.red: has,
            self.void: "void" in may,
            self.appeal: "appeal" in may or bool(view.page.appeals),
            self.session: bool(view.page.money) and shell.has(SESSIONS),
            self.client: shell.has(PATIENTS),
            self.answer: "answer" in may,
            self.correct: "correct" in may or "resend" in may,
            self.hold: "hold" in may,
            self.release: "release" in may,
            self.check: status in ("draft", "scrubbed"),
            self.drop: "drop" in may,
            self.passed_on: "passed_on" in may,
            self.not_passed_on: "not_passed_on" in may,
        }
        for one, on in allowed.items():
            one.setEnabled(on)
            one.setVisible(on)
        self.appeal.setText("Appeal" if view.page.appeals else "Write appeal")

    def fill(self, menu: Menu) -> None:
        """Put those into a menu that are no buttons."""
        groups: tuple[tuple[QAction, ...], ...] = (
            (self.correct, self.answer, self.hold, self.release, self.check),
            (self.passed_on, self.not_passed_on),
            (self.mine, self.assign, self.plan, self.note),
            (self.session, self.client, self.red),
            (self.drop,),
        )
        for at, group in enumerate(groups):
            can = [one for one in group if one.isEnabled() and one.isVisible()]
            if at and can:
                menu.addSeparator()
            for one in can:
                menu.add(one.text(), one.trigger, key=shown_key(one))

    def print_copy(self) -> None:
        """Show the CMS-1500 as the copy for the file."""
        if self._screen.view is not None and self._screen.view.page.content is not None:
            self._screen.acts.print_(CmsMode.FILE_COPY)

    def name_appeal_step(self) -> None:
        """Call the first step of the appeal's tab as its button is called."""
        body = self._screen.body
        button = body.appeal_step() if body is not None else None
        if button is not None:
            self.appeal_step.setText(button.words())

    def _press_appeal(self) -> None:
        body = self._screen.body
        button = body.appeal_step() if body is not None else None
        if button is not None and button.isEnabled():
            button.click()

    def _do_next(self) -> None:
        screen = self._screen
        card = screen.body.beside.card if screen.body is not None else None
        if card is not None and card.asking:
            card.confirm()
            return
        what: dict[str, Callable[[], object]] = {
            "resend": screen.go_again,
            "release": screen.acts.release,
            "send": self._send,
            "finding": screen.next_exception,
            "answer": screen.acts.answer,
            "checklist": screen.open_check_list,
            "appeal": self._go_on_with_appeal,
        }
        act = what.get(self._next.key)
        if act is not None:
            act()

    def _passed_on(self) -> None:
        if self._screen.view is not None:
            self._screen.crossing.passed_on(self._screen.view.page.row)

    def _not_passed_on(self) -> None:
        if self._screen.view is not None:
            self._screen.crossing.not_passed_on(self._screen.view.page.row)

    def _send(self) -> None:
        if self._screen.view is not None:
            self._screen.list_acts.send([self._screen.view.page.row])

    def _go_on_with_appeal(self) -> None:
        screen = self._screen
        screen.open_appeal()
        appeal = screen.body.appeal if screen.body is not None else None
        one = appeal.open_one if appeal is not None else None
        if appeal is not None and one is not None and one.sent_on is not None:
            appeal.close_appeal()

    def _void(self) -> None:
        self._screen.acts.void(self._screen.open_made)

    def _check(self) -> None:
        if self._screen.view is not None:
            self._screen.list_acts.scrub([self._screen.view.page.row])

    def _take(self) -> None:
        if self._screen.view is not None:
            self._screen.list_acts.take([self._screen.view.page.row])

    def _plan(self) -> None:
        if self._screen.view is not None:
            self._screen.list_acts.plan([self._screen.view.page.row])

    def _open_client(self) -> None:
        if self._screen.view is not None:
            self._screen.shell.open(PATIENTS, patient=self._screen.view.page.row.patient_id)

    def _open_session(self) -> None:
        """Open the session of the line that has the cursor, else of the first one."""
        screen = self._screen
        if screen.view is None or not screen.view.page.money:
            return
        here = screen.window().focusWidget()
        at = here.key.line if isinstance(here, LineCell) else 0
        money = screen.view.page.money
        line = next((one for one in money if one.position == at), money[0])
        screen.shell.open(SESSIONS, session=line.session_id)

    def _step(self, step: int) -> None:
        if self._screen.body is not None:
            self._screen.body.step_tab(step)
