"""Who pays and who is served: address and flags of the guarantor, kind and diagnoses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from fscdesk.services.patients.changing import PatientFields
from fscdesk.services.patients.guarantors import (
    GuarantorChange,
    GuarantorFields,
    GuarantorRow,
    change_guarantor,
)
from fscdesk.services.patients.queries import PatientDetail, patient_detail
from fscdesk.services.work import Work
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.record_pane import RecordPane
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.account_reading import AccountStanding
from fscdesk.ui.screens.patients.diagnoses import DiagnosesPart
from fscdesk.ui.screens.patients.flags_part import FlagsPart
from fscdesk.ui.screens.patients.forms import guarantor_record, patient_record
from fscdesk.ui.screens.patients.paying_dialog import PayerLine, PayingDialog
from fscdesk.ui.screens.patients.referrals_part import ReferralsPart
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo


class DetailsTab(Part):
    """Two forms side by side; Ctrl+S saves the one in which the cursor is, or what was typed."""

    def __init__(
        self,
        shell: Shell,
        detail: PatientDetail,
        standing: AccountStanding,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._shell, self._detail, self._today = shell, detail, today
        self.pays: RecordPane[GuarantorRow, GuarantorFields] = RecordPane(
            shell, guarantor_record(detail.id, self.change_payer)
        )
        self.served: RecordPane[PatientDetail, PatientFields] = RecordPane(
            shell, patient_record(shell.practice, detail.id, today)
        )
        self.diagnoses = DiagnosesPart(shell, detail.id, today)
        self.served.add_below(self.diagnoses)
        self.referrals = ReferralsPart(shell, detail.id, today)
        self.served.add_below(self.referrals)
        self.flags = FlagsPart(shell, detail.id, today)
        self.pays.add_below(self.flags)
        across = QHBoxLayout(self)
        across.setContentsMargins(4, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.pays, 1)
        across.addWidget(Line(upright=True))
        across.addWidget(self.served, 1)
        self.pays.show_row(detail.guarantor)
        self.served.show_row(detail)
        self.diagnoses.show_rows(detail.diagnoses)
        self.served.load_options()
        self.flags.show_standing(standing)

    def show_account(self, detail: PatientDetail, standing: AccountStanding) -> None:
        """Show the patient as he stands now; what was typed and not saved stays."""
        self._detail = detail
        self.pays.renew(detail.guarantor)
        self.served.renew(detail)
        self.diagnoses.show_rows(detail.diagnoses)
        self.flags.show_standing(standing)

    def change_payer(self, _row: GuarantorRow) -> None:
        """Ask who pays from now on."""
        dialog = PayingDialog(self._shell, self._detail.name, self._today, self)
        dialog.accepted.connect(lambda: self._change_payer(dialog.chosen, dialog.day.value()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self) -> None:
        focused = QApplication.focusWidget()
        panes = (self.pays, self.served)
        inside = [pane for pane in panes if focused and pane.isAncestorOf(focused)]
        dirty = [pane for pane in panes if pane.dirty]
        for pane in dirty or inside:
            pane.save()

    def can_save(self) -> bool:
        return True

    def panes(self) -> tuple[QWidget, ...]:
        return (self.pays, self.served)

    def enter(self) -> None:
        self.pays.enter()

    def _change_payer(self, chosen: PayerLine | None, day: date | None) -> None:
        if chosen is None or day is None:
            return
        detail, before = self._detail, self._detail.guarantor

        def done(change: GuarantorChange) -> None:
            moved = count_text(change.charges, "open charge")
            told = "".join(f" {one.where}: {one.message}" for one in change.findings)
            self._shell.messages.info(
                f"{chosen.name} pays for {detail.name} now. {moved} moved, {change.moved}.{told}",
                undo=Undo(
                    f"the change of who pays for {detail.name}",
                    partial(_back, detail.id, before, day),
                ),
            )

        self._shell.desk.act(
            self,
            lambda work: change_guarantor(
                work, detail.id, chosen.id, from_day=day, expected_version=detail.version
            ),
            done,
            self._shell.messages.refused,
        )


def _back(patient_id: int, before: GuarantorRow, day: date, work: Work) -> str:
    now = patient_detail(work, patient_id)
    change_guarantor(work, patient_id, before.id, from_day=day, expected_version=now.version)
    return f"{before.fields.name} pays for {now.name} again."
