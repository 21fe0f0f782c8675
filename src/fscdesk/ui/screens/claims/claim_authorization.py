"""Asks for an authorization that is not on record yet: it is kept with the client, and used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.authorizations import MOST, AuthorizationFields
from fscdesk.services.claims.changing import Changed, add_authorization_for
from fscdesk.services.claims.detail import ClaimPage
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.claim_page_acts import saved_words, undo_of


def ask_authorization(
    shell: Shell,
    window: QWidget,
    page: ClaimPage,
    today: Callable[[], date],
    then: Callable[[Changed], object],
    typed: str = "",
) -> FieldsDialog:
    """Ask for number, days and visits; save them with the client, and put them on the claim.

    ``typed`` is what was typed before the dialog came up; ``then`` is told which claim took it.
    """
    row = page.row
    dialog = FieldsDialog(
        f"Which authorization covers {row.number}?",
        f"It is kept with {row.patient}, for {row.payer}.",
        ("Save and use it", "Saving…"),
        window,
    )
    number = TextField("Number", typed, longest=50)
    dialog.row(number=number)
    dialog.row(
        valid_from=DateField("From", row.first_day, today=today),
        valid_to=DateField("To", today=today),
    )
    granted = NumberField("Visits granted", lowest=1, highest=MOST)
    granted.set_value(max(row.lines, 1))
    dialog.row(granted=granted)

    def act(work: Work) -> Changed:
        fields = AuthorizationFields(
            payer_id=row.payer_id,
            number=str(dialog.value("number")),
            granted=int(dialog.value("granted")),
            valid_from=dialog.value("valid_from"),
            valid_to=dialog.value("valid_to"),
        )
        return add_authorization_for(work, row.id, fields, expected_version=row.version)

    def done(what: Changed) -> None:
        words = f"Authorization {number.value()} is kept with the client."
        shell.messages.info(f"{words} {saved_words(page, what)}", undo=undo_of(what))
        then(what)

    dialog.wanted.connect(lambda: carry_out(shell, dialog, act, done))
    open_dialog(dialog)
    if typed:
        number.edit.setCursorPosition(len(typed))
    return dialog
