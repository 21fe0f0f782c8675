"""Every kind of service has its word, also the fees that an account was charged."""

from __future__ import annotations

from fscdesk.models.service import ServiceKind
from fscdesk.models.values import Money
from fscdesk.services.billing.account_fees import charge_fee
from fscdesk.services.office import Office
from fscdesk.services.setup.services import KIND_WORDS, services
from fscdesk.services.work import Work
from tests.support.payments import DAY, open_till


def test_every_kind_has_a_word() -> None:
    assert set(KIND_WORDS) == set(ServiceKind)


def test_a_fee_of_an_account_stands_among_the_services(books: Office) -> None:
    def act(work: Work) -> list[str]:
        till = open_till(work)
        charge_fee(
            work,
            patient_id=till.alma,
            guarantor_id=till.alma_pays,
            amount=Money(25_00),
            code="NSF",
            on=DAY,
            memo="Returned check",
        )
        return [row.kind_word for row in services(work) if row.fields.code == "NSF"]

    assert books.write(act).value == ["Account fee"]
