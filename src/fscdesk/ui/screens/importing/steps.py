"""The steps of the wizard in the title line: done ones with a check, and a way back to them."""

from __future__ import annotations

import enum

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from fscdesk.ui import theme
from fscdesk.ui.painting import box, tick

CIRCLE, GAP, JOINT = 20, 8, 24


class Step(enum.IntEnum):
    """Where the wizard is; also the order of its steps."""

    FILES = 1
    RECOGNISED = 2
    PLAN = 3
    DONE = 4


WORDS = {
    Step.FILES: "Files",
    Step.RECOGNISED: "Recognised",
    Step.PLAN: "Plan",
    Step.DONE: "Done",
}


class StepButton(QAbstractButton):
    """One step: its number, or a check once it is done. A step that was reached can be clicked."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self._state = "ahead"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_state("ahead", reachable=False)

    def show_state(self, state: str, *, reachable: bool) -> None:
        """Show the step as `done`, `here` or `ahead`; only a reachable one takes the focus."""
        self._state = state
        words = {"done": "done", "here": "this step", "ahead": "to come"}[state]
        self.setAccessibleName(f"Step {int(self.step)}, {WORDS[self.step]}, {words}")
        self.setEnabled(reachable)
        self.setToolTip("" if reachable else "Not reached yet" if state == "ahead" else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        now = theme.now
        weight = 600 if self._state == "here" else 400
        words = now.metrics("body", weight=weight).horizontalAdvance(WORDS[self.step])
        return QSize(now.px(CIRCLE) + GAP + words, now.px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        side = now.px(CIRCLE)
        circle = QRect(0, (self.height() - side) // 2, side, side)
        here = self._state == "here"
        if self._state == "done":
            green = now.tone("green")
            box(painter, circle, side / 2, green.bg)
            tick(painter, circle.toRectF().adjusted(2, 2, -2, -2), green.fg)
        else:
            fill = now.accent if here else None
            box(painter, circle, side / 2, fill, None if here else now.border_strong)
            painter.setFont(now.font("caption", weight=600))
            painter.setPen(now.on_accent if here else now.text2)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(int(self.step)))
        painter.setFont(now.font("body", weight=600 if here else 400))
        painter.setPen(now.text if here else now.text2)
        words = self.rect().adjusted(side + GAP, 0, 0, 0)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(words, flags, WORDS[self.step])


class _Joint(QWidget):
    """The line between two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(JOINT, theme.now.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        middle = self.height() // 2
        QPainter(self).fillRect(0, middle, self.width(), 1, theme.now.border_strong)


class Steps(QWidget):
    """All steps in a row."""

    asked = Signal(object)  # Step

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 0, 0, 0)
        line.setSpacing(10)
        self.buttons: dict[Step, StepButton] = {}
        for step in Step:
            if self.buttons:
                line.addWidget(_Joint())
            button = self.buttons[step] = StepButton(step)
            button.clicked.connect(lambda _on=False, step=step: self.asked.emit(step))
            line.addWidget(button)

    def show_step(self, here: Step, reached: frozenset[Step]) -> None:
        """Show where the wizard is, and which steps can be gone to."""
        for step, button in self.buttons.items():
            done = step < here or (step in reached and step is not here)
            state = "here" if step is here else "done" if done else "ahead"
            button.show_state(state, reachable=step in reached and step is not here)
