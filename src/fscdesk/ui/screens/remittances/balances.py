"""The three balances at the foot of a remittance: its services, its claims, its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.detail import RemittancePage
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.painting import hairline
from fscdesk.ui.screens.remittances.wording import client_said, off_said, written_off
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import count_text, money_text

_V = Qt.AlignmentFlag.AlignVCenter
_PARTS = (40, 28, 32)
"""How much of the room each sum gets, in percent."""
_GAP = 20
_CHECK_SUM = "claims − provider level (PLB) = check"
_SUMMANDS = 4
"""So many claims stand in a sum by themselves; more are counted."""


@dataclass(frozen=True, slots=True)
class Balance:
    """One of the three: whether it is 0.00, its sum, and what the sum is made of."""

    title: str
    right: bool
    total: str
    words: str


def balances_of(page: RemittancePage) -> tuple[Balance, ...]:
    """Return services, claims, and check with their sums."""
    lines = [line for claim in page.claims for line in claim.lines]
    charged = sum((one.charge for one in lines), ZERO)
    paid = sum((one.paid for one in lines), ZERO)
    off = sum((written_off(one) for one in lines), ZERO)
    denied = sum((off_said(one) - written_off(one) for one in lines), ZERO)
    client = sum((client_said(one) for one in lines), ZERO)
    count = len(lines)
    fine = count - page.services_off
    refused = any(one.denied or one.denied_before for one in lines)
    parts = (paid, off, denied, client) if refused else (paid, off, client)
    sum_of_lines = f"{_m(charged)} = {' + '.join(map(_m, parts))}"
    of_lines = "paid + written off + denied + client" if refused else "paid + written off + client"
    claims, wrong = len(page.claims), page.claims_off
    total, plb = page.claims_total, page.plb_total
    sign = "−" if plb >= ZERO else "+"
    check = f"{_m(total)} {sign} {_m(abs(plb))} = {_m(page.row.amount)}"
    if page.check_off:
        check = f"{_m(total)} {sign} {_m(abs(plb))} against a check of {_m(page.row.amount)}"
    return (
        Balance(
            "Lines balance" if not page.services_off else "Lines do not balance",
            not page.services_off,
            sum_of_lines,
            f"charged = {of_lines}, {fine:,} of {count:,}",
        ),
        Balance(
            "Claims balance" if not wrong else "Claims do not balance",
            not wrong,
            _sum_of_claims(page),
            f"paid by claim, {claims - wrong:,} of {claims:,}",
        ),
        Balance(
            "Check balances" if not page.check_off else "Check does not balance",
            not page.check_off,
            check,
            f"off by {_m(page.check_off)}" if page.check_off else _CHECK_SUM,
        ),
    )


def _sum_of_claims(page: RemittancePage) -> str:
    total = _m(page.claims_total)
    if len(page.claims) > _SUMMANDS:
        return f"{total} in {count_text(len(page.claims), 'claim')}"
    return f"{total} = {' + '.join(_m(one.paid) for one in page.claims)}" if page.claims else total


def _m(amount: Money) -> str:
    return money_text(amount, zero_dash=False)


class BalanceFoot(QWidget):
    """Three sums side by side, each green where it agrees and red where it does not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.balances: tuple[Balance, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Balances")

    def show_balances(self, found: Sequence[Balance]) -> None:
        """Show other sums, each in as many lines as it needs."""
        self.balances = tuple(found)
        self._fit()
        self.setAccessibleDescription(
            ". ".join(f"{one.title}: {one.total}, {one.words}" for one in found)
        )
        self.update()

    def told(self, at: int) -> list[tuple[str, bool]]:
        """Return the lines below a title, none of them cut; True: of the words, not of the sum."""
        one, wide = self.balances[at], self._widths()[at] - _GAP
        total, words = _wrapped(one.total, wide), _wrapped(one.words, wide)
        return [*((line, False) for line in total), *((line, True) for line in words)]

    def sizeHint(self) -> QSize:
        now = theme.now
        lines = max((len(self.told(at)) for at in range(len(self.balances))), default=2)
        return QSize(400, now.line("body") + max(2, lines) * now.line("small") + 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())

    def _widths(self) -> list[int]:
        room = max(self.width() - LEFT - RIGHT, 0)
        return [room * part // 100 for part in _PARTS]

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        painter.fillRect(self.rect(), now.surface)
        hairline(painter, 0, 0, self.width())
        if not self.balances:
            return
        widths = self._widths()
        side = now.size.icon
        for at, one in enumerate(self.balances):
            x, y, each = LEFT + sum(widths[:at]), 12, widths[at]
            wide = each - _GAP
            if at:
                hairline(painter, x - 12, 12, self.height() - 24, upright=True)
            tone = "green" if one.right else "red"
            picture = "circle-check" if one.right else "circle-x"
            icons.paint(painter, picture, f"{tone}.fg", x, y + 2, side)
            painter.setFont(now.font("strong"))
            painter.setPen(now.text if one.right else now.colour("red.fg"))
            strong = QRect(x + side + 6, y, wide - side - 6, now.line("body"))
            painter.drawText(strong, _V, elide(one.title, strong.width(), "strong"))
            y += now.line("body") + 2
            painter.setFont(now.font("small"))
            for words, below in self.told(at):
                painter.setPen(now.text3 if below else now.text2)
                painter.drawText(QRect(x, y, wide, now.line("small")), _V, words)
                y += now.line("small")


def _wrapped(words: str, wide: int) -> list[str]:
    """Return words in lines that fit; a single word is never cut."""
    metrics, lines = theme.now.metrics("small"), [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
