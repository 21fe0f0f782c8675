"""The field for a diagnosis: finds ICD-10-CM codes by code and by words while they are typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.icd10 import DiagnosisCode, fault_of, find_codes, plain, shown
from fscdesk.services.work import Work
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.search import Line

ROWS, LONGEST, WIDTH = 8, 60, 560


@dataclass(frozen=True, slots=True)
class Fitting:
    """A code that fits what is typed, and why a claim for the day may not carry it, if so."""

    code: DiagnosisCode
    fault: str


class DiagnosisField(FoundField[Fitting]):
    """Holds a code. Its words stand under it, or why a claim may not carry it.

    Enter takes the marked code, and Enter again says `entered`; a code typed to its end that is
    in order needs one Enter only. Faults are told, they forbid nothing: what is in no release yet
    may be in the next.
    """

    entered = Signal()
    nothing = "No code and no words begin so."

    def __init__(self, desk: Desk, window: QWidget, day: Callable[[], date]) -> None:
        super().__init__("Diagnosis", desk, window, example="F41.1 or anxiety", width=WIDTH)
        self._day = day
        self._going_on = False
        self.edit.setMaxLength(LONGEST)
        self.edit.returnPressed.connect(self.enter)

    def fitting(self, work: Work, typed: str) -> tuple[Fitting, ...]:
        day = self._day()
        found = find_codes(typed, day, ROWS)
        return tuple(Fitting(one, fault_of(one.code, day)) for one in found)

    def line_of(self, found: Fitting) -> Line:
        standing = found.code.standing_on(self._day())
        detail = f"{standing} · {found.code.words}" if standing else found.code.words
        icon = "triangle-alert" if standing else "file-text"
        return Line(shown(found.code.code), detail, icon, lambda _beside: None)

    def text_of(self, held: Fitting) -> str:
        return shown(held.code.code)

    def value(self) -> str:
        """The code that was taken, or what is typed."""
        held = self.held()
        typed = self.edit.text().strip()
        return typed if held is None or self.edit.isModified() else shown(held.code.code)

    def clear(self) -> None:
        """Hold nothing."""
        self.hold(None)
        self.set_hint("")
        self.show_fault("")

    def enter(self) -> None:
        """Take what is typed; go on where it is taken already, or where nothing fits it."""
        looked_for = self._asked and not self._found and bool(self.sentence.text())
        if not self.edit.isModified() or not self.edit.text().strip() or looked_for:
            self.entered.emit()
            return
        self._going_on = True
        self.take()

    def look_again(self) -> None:
        """Judge the code anew: the day has changed."""
        held = self.held()
        if held is None or self.edit.isModified():
            return
        code, day = held.code, self._day()
        self._desk.ask(
            self,
            lambda _work: Fitting(code, fault_of(code.code, day)),
            lambda judged: self._judged(judged, day),
        )

    def fault(self) -> str:
        typed = self.edit.text().strip()
        if self.busy() or not typed:
            return ""
        if not self.edit.isModified():
            held = self.held()
            return "" if held is None else held.fault
        if not self._asked:
            return ""
        if self._found:
            return "Choose a code of the list, or type it to its end."
        return f"No code and no words begin with “{typed}”."

    def _on_typed(self, text: str) -> None:
        self._going_on = False
        self.set_hint("")
        super()._on_typed(text)

    def _take(self, at: int) -> None:
        if not 0 <= at < len(self._found):
            return
        going_on, self._going_on = self._going_on, False
        fitting = self._found[at]
        exact = self._is_typed(fitting)
        super()._take(at)
        self._tell(fitting)
        if going_on and exact and not fitting.fault and self.edit.hasFocus():
            self.entered.emit()

    def settle(self) -> None:
        # Who goes elsewhere has chosen nothing: only a code typed to its end is taken.
        if self._found and self.edit.isModified() and self._is_typed(self._found[0]):
            self._take(0)

    def _judged(self, judged: Fitting, day: date) -> None:
        held = self.held()
        same = held is not None and held.code == judged.code and not self.edit.isModified()
        if same and day == self._day():
            self._tell(judged)

    def _tell(self, held: Fitting) -> None:
        self.hold(held)
        self.set_hint(held.code.words)
        self.show_fault(held.fault)

    def _is_typed(self, fitting: Fitting) -> bool:
        return fitting.code.code == plain(self.edit.text())
