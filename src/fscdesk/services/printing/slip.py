"""The part that comes back with the payment, below the dashes."""

from __future__ import annotations

from typing import NamedTuple

from fscdesk.services.printing.fonts import INK3, REGULAR, Style, fit
from fscdesk.services.printing.page import STRONG, Pen
from fscdesk.services.printing.parties import Letterhead
from fscdesk.services.printing.sheet import (
    FAINT,
    FOOTER,
    LEFT,
    NAME,
    QUIET,
    RIGHT,
    SLIP,
    SMALL,
    SUM,
    TITLE,
)


class Slip(NamedTuple):
    """What a slip says about one account."""

    name: str
    about: str
    """``Account 1003, invoice INV-2026-00042``."""
    amount: str
    due: str


def draw_slip_blank(pen: Pen, letterhead: Letterhead) -> bool:
    """Draw what is the same on each slip; say whether the practice's name and address fit."""
    payee = fit((letterhead.name,), NAME, 285, 24, 12)
    address = fit(letterhead.address, QUIET, 285, 48 - payee.height, 12)
    pen.dashes(LEFT, RIGHT, SLIP, STRONG)
    pen.centre(pen.width / 2, SLIP - 4, "Return this part with your payment", FOOTER)
    pen.text(LEFT, 621.2, "Payment slip", TITLE)
    pen.text(LEFT, 675.4, "Make checks payable to", SMALL)
    y = pen.block(LEFT, 688.3, payee)
    pen.block(LEFT, y + 13.3, address)
    for y, label in ((621.6, "Amount due"), (638.8, "Due by"), (673.5, "Amount enclosed")):
        pen.text(345.4, y, label, FAINT)
    pen.text(345.4, 701.6, "Check number", FAINT)
    pen.frame(460.6, 657.5, RIGHT - 460.6, 22.2)
    pen.frame(460.6, 685.6, RIGHT - 460.6, 22.2)
    pen.text(468.6, 673, "$", Style(REGULAR, 10, INK3))
    return not (payee.cut or address.cut)


def draw_slip(pen: Pen, slip: Slip) -> bool:
    """Write whose slip it is and what is due; say whether name and account fit."""
    name = fit((slip.name,), NAME, 285, 12.5, 12.5)
    pen.block(LEFT, 639.1, name)
    about = fit((slip.about,), QUIET, 285, 12, 12)
    pen.block(LEFT, 652.4, about)
    pen.right(RIGHT, 621.6, slip.amount, SUM, 140)
    pen.right(RIGHT, 638.8, slip.due, SUM)
    return not (name.cut or about.cut)
