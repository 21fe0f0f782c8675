"""The one function from a session to its charges: shares, fees, what is not billed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.service import ServiceKind
from fscdesk.models.session import Attendance
from fscdesk.services.charges.catalogue import Catalogue, ServiceFacts
from fscdesk.services.charges.making import CodeFacts, SessionFacts, make_charges
from fscdesk.services.charges.settling import Open, Recorded, legs_for, share_out

DAY = date(2026, 3, 2)


def service(code: str, kind: ServiceKind = ServiceKind.SESSION) -> ServiceFacts:
    return ServiceFacts(len(code), code, kind, 10000, "4010", 4000, 7500)


CATALOGUE = Catalogue(
    {
        "90837": service("90837"),
        "90785": service("90785", ServiceKind.ADD_ON),
        "CHAT": service("CHAT", ServiceKind.NOT_BILLED),
        "LCF": service("LCF", ServiceKind.LATE_CANCEL_FEE),
    },
    {},
)


def session(*codes: tuple[str, int | None], **facts: object) -> SessionFacts:
    lines = tuple(CodeFacts(code, 1, rate) for code, rate in codes)
    base = SessionFacts(DAY, Attendance.COMPLETED, 1, lines)
    return base._replace(**facts)  # type: ignore[arg-type]


@given(
    rates=st.lists(st.integers(0, 50000), min_size=1, max_size=3),
    patient=st.integers(-100, 160000),
)
def test_charges_add_up_to_the_fee_and_shares_to_the_charge(rates: list[int], patient: int) -> None:
    codes = [("90837", rate) for rate in rates]
    made = make_charges(session(*codes, patient_charge=patient, fee=sum(rates)), CATALOGUE)
    assert sum(charge.amount for charge in made) == sum(rates)
    assert all(charge.patient + charge.insurance == charge.amount for charge in made)
    assert sum(charge.patient for charge in made) == max(0, min(patient, sum(rates)))


def test_a_code_that_is_not_billed_makes_no_charge() -> None:
    made = make_charges(session(("90837", 16000), ("CHAT", 500), fee=16500), CATALOGUE)
    assert [(charge.code, charge.amount) for charge in made] == [("90837", 16000)]
    assert make_charges(session(("CHAT", 500), fee=500), CATALOGUE) == ()


def test_fees_are_the_clients_and_never_a_payers() -> None:
    (fee,) = make_charges(session(("LCF", 9000), patient_charge=0, fee=9000), CATALOGUE)
    assert (fee.patient, fee.insurance, fee.revenue_account) == (9000, 0, "4300")
    missed = session(("90837", 16000), attendance=Attendance.NO_SHOW, fee=16000)
    (charge,) = make_charges(missed, CATALOGUE)
    assert (charge.amount, charge.patient, charge.insurance) == (7500, 7500, 0)


def test_without_a_price_in_the_file_the_catalogue_says_it() -> None:
    (charge,) = make_charges(session(("90837", None), payer_id=None), CATALOGUE)
    assert (charge.amount, charge.patient) == (10000, 10000)


@given(
    amounts=st.lists(st.integers(1, 50000), min_size=1, max_size=4),
    paid=st.integers(-60000, 60000),
    written=st.integers(0, 60000),
    patient=st.integers(-200, 60000),
)
def test_what_is_recorded_is_shared_out_to_the_cent(
    amounts: list[int], paid: int, written: int, patient: int
) -> None:
    charges = make_charges(
        session(*(("90837", amount) for amount in amounts), patient_charge=amounts[0] // 2),
        CATALOGUE,
    )
    shares = share_out(Recorded(patient, paid, written), charges)
    assert sum(share.insurance_paid for share in shares) == paid
    assert sum(share.write_off for share in shares) == written
    assert sum(share.patient_paid for share in shares) == patient
    for share, charge in zip(shares, charges, strict=True):
        legs = legs_for(share, Open(charge.patient, charge.insurance))
        assert sum(leg.cents for leg in legs) == 0
        assert all(leg.cents for leg in legs)


def test_a_session_that_is_settled_settles_each_of_its_charges() -> None:
    charges = make_charges(
        session(("90837", 11000), ("90785", 2500), patient_charge=0, fee=13500), CATALOGUE
    )
    shares = share_out(Recorded(0, 8670, 4830), charges)
    for share, charge in zip(shares, charges, strict=True):
        assert share.insurance_paid + share.write_off == charge.insurance
