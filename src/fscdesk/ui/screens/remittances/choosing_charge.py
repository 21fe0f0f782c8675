"""Choosing by hand which charge a payer's line is about: found by letters, taken with Enter."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.remittances.charge_choices import (
    ChargeChoice,
    LineToPlace,
    charge_choices,
    lines_to_place,
)
from fscdesk.services.remittances.choosing import choose_charge, forget_charges
from fscdesk.services.remittances.detail import PageClaim
from fscdesk.services.work import Work
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.claim_pane import ClaimPane
from fscdesk.ui.search import Line
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.undo import Undo

WIDE = 560
BY_HAND = "hand"
_FITS, _DIFFERS = "circle-check", "equal-not"


class ChargeField(FoundField[ChargeChoice]):
    """Finds charges by a client's name or a day; before a letter is typed, those that fit."""

    nothing = "No charge is like this. Type a client’s name, or a day."

    def __init__(self, shell: Shell, window: QWidget, line: LineToPlace) -> None:
        super().__init__("Our charge", shell.desk, window, example="Client or day", width=WIDE)
        self._of = line
        self.edit.returnPressed.connect(self.take)

    def offer(self) -> None:
        """Show what fits before anything is typed."""
        line, ticket = self._of, self._ticket
        self._desk.ask(
            self,
            lambda work: charge_choices(work, line.id),
            partial(self._keep, ticket),
            partial(self._lost, ticket),
        )

    def fitting(self, work: Work, typed: str) -> tuple[ChargeChoice, ...]:
        return charge_choices(work, self._of.id, typed)

    def line_of(self, found: ChargeChoice) -> Line:
        title = f"{found.patient}, {day_text(found.day)}"
        facts = (
            found.code,
            money_text(found.amount, zero_dash=False),
            f"{money_text(found.open, zero_dash=False)} open",
            found.claim,
            found.differs,
        )
        icon = _DIFFERS if found.differs else _FITS
        return Line(title, ", ".join(one for one in facts if one), icon, lambda _beside: None)

    def text_of(self, held: ChargeChoice) -> str:
        return f"{held.patient}, {day_text(held.day)}, {held.code}"

    def take(self) -> None:
        if not self.edit.isModified() and not self.edit.text() and self._found and self._asked:
            self._take(self.list.at)
        else:
            super().take()

    def fault(self) -> str:
        if self.busy():
            return ""
        held = self.held()
        if held is None or self.edit.isModified():
            return "Choose the charge that it is about."
        if held.differs:
            return f"The payer speaks of {said(self._of)}; this one has {held.differs}."
        return ""


class ChoosingCharge(QObject):
    """Asks in the pane, one line after the other; what was chosen can be undone and changed."""

    def __init__(self, shell: Shell, pane: ClaimPane) -> None:
        super().__init__(pane)
        self._shell, self._pane = shell, pane

    def begin(self, claim: PageClaim) -> None:
        """Ask which charge the first line without one is about; else change one by hand."""

        def found(lines: tuple[LineToPlace, ...]) -> None:
            if lines:
                self._ask(claim, lines[0])
            else:
                self._shell.messages.note("Each line of this claim has its charge.")

        self._shell.desk.ask(
            self, lambda work: lines_to_place(work, claim.id), found, self._refused
        )

    def forget(self, claim: PageClaim) -> None:
        """Let the lines of a claim be about what can be found, not about what was chosen."""

        def act(work: Work) -> int:
            by_hand = [one.id for one in lines_to_place(work, claim.id) if one.charge_id]
            return forget_charges(work, by_hand)

        def done(count: int) -> None:
            lines = count_text(count, "line")
            self._shell.messages.info(f"The choice for {lines} of {claim.number} is taken back.")

        self._shell.desk.act(self, act, done, self._refused)

    def _ask(self, claim: PageClaim, line: LineToPlace) -> None:
        field = ChargeField(self._shell, self._pane.window(), line)
        at = f"Line {line.position} of {line.of}. " if line.of > 1 else ""
        self._pane.ask.ask_field(
            "Which charge is it?",
            f"{at}The payer speaks of {said(line)}, and pays "
            f"{money_text(line.paid, zero_dash=False)}. {coded(line)}",
            "It is this one",
            field,
            lambda: self._choose(claim, line, field.held()),
        )
        field.offer()
        self._pane.judge()

    def _choose(self, claim: PageClaim, line: LineToPlace, chosen: ChargeChoice | None) -> None:
        if chosen is None:
            return

        def act(work: Work) -> tuple[LineToPlace, ...]:
            choose_charge(work, line.id, chosen.id)
            return tuple(one for one in lines_to_place(work, claim.id) if one.charge_id is None)

        def back(work: Work) -> str:
            forget_charges(work, [line.id])
            return f"Line {line.position} of {claim.number} has no chosen charge any more."

        def done(left: tuple[LineToPlace, ...]) -> None:
            self._shell.messages.info(
                chosen_words(claim, line, chosen),
                undo=Undo(f"choosing the charge of {claim.number}", back),
            )
            if left:
                self._ask(claim, left[0])

        self._shell.desk.act(self, act, done, self._refused)

    def _refused(self, fault: BaseException) -> None:
        self._shell.messages.refused(fault)


def said(line: LineToPlace) -> str:
    """Return what a payer calls a line: its charge and its day."""
    day = "an unknown day" if line.day is None else day_text(line.day)
    return f"{money_text(abs(line.charge), zero_dash=False)} on {day}"


def coded(line: LineToPlace) -> str:
    """Return the code that a payer decided on, and what it says was billed."""
    if line.billed_code and line.billed_code != line.code:
        return f"It was billed as {line.billed_code} and decided as {line.code}."
    return f"Code {line.code}." if line.code else ""


def chosen_words(claim: PageClaim, line: LineToPlace, chosen: ChargeChoice) -> str:
    """Return what was chosen, in a sentence; another code than was billed is told."""
    words = f"Line {line.position} of {claim.number}: {chosen.patient}, {day_text(chosen.day)}."
    if line.code and chosen.code != line.code:
        return f"{words} You billed {chosen.code}, the payer says {line.code}."
    return words


def may_choose(claim: PageClaim) -> bool:
    """Return whether a line of a claim waits for a charge, or has one that a person chose."""
    return any(line.charge_id is None or line.matched_by == BY_HAND for line in claim.lines)


def has_chosen(claim: PageClaim) -> bool:
    """Return whether a person chose a charge of a claim."""
    return any(line.charge_id is not None and line.matched_by == BY_HAND for line in claim.lines)
