"""What SimplePractice calls paid and has not come: the list of account 1060, here as well."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.clearing_acts import ClearingActs
from fscdesk.ui.screens.payments.clearing_asking import Line
from fscdesk.ui.screens.payments.clearing_lines import clearing_spec
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab

PAYMENTS = "payments"


def paid_part(shell: Shell, window: QWidget, keeping: Keeping) -> PaneTab[Line]:
    """Return the part: what a line leads to is opened in Payments."""
    acts = ClearingActs(shell, window)

    def open_payment(payment_id: int, _number: str = "") -> None:
        if shell.has(PAYMENTS):
            shell.open(PAYMENTS, payment=payment_id)

    def open_request(request_id: int) -> None:
        if shell.has(PAYMENTS):
            shell.open(PAYMENTS, request=request_id)

    return PaneTab(
        shell, clearing_spec(shell, acts, partial(open_payment), open_request), keeping=keeping
    )
