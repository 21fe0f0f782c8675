"""Balances of accounts and of one patient on any day."""

from __future__ import annotations

from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.ledger.balances import (
    balance,
    open_in_ledger,
    patient_position,
    trial_balance,
)
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.people import add_patient, add_payer, add_provider, add_session


def test_balances_stand_as_of_any_day(books: Office) -> None:
    def fill(work: Work) -> int:
        clinician, payer = add_provider(work, "Testa Fernsample"), add_payer(work, "FICTA")
        patient = add_patient(work, "Quill Fakerson")
        add_session(
            work,
            patient,
            clinician,
            day=date(2026, 2, 3),
            payer=payer,
            insurance=9000,
            share=2500,
            insurance_paid=9500,
            patient_paid=2700,
            paid_on=date(2026, 3, 1),
        )
        return patient

    patient = books.write(fill).value

    def before(work: Work) -> None:
        day = date(2026, 2, 28)
        assert balance(work, "1100", "1110", as_of=day) == Money(11500)
        assert open_in_ledger(work, day) == Money(11500)
        assert patient_position(work, patient, day) == {"1100": Money(2500), "1110": Money(9000)}
        assert trial_balance(work, date(2026, 2, 2)) == {}

    def after(work: Work) -> None:
        assert open_in_ledger(work) == Money(-700)
        assert patient_position(work, patient) == {"2400": Money(-200), "2410": Money(-500)}
        found = trial_balance(work)
        assert found["1060"] == Money(12200)
        assert sum(amount.cents for amount in found.values()) == 0
        assert balance(work, "9000") == Money()

    books.read(before)
    books.read(after)
