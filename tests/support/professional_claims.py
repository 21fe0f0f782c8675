"""837P claims for tests: one of each kind, made of fictional people, to change with ``replace``."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from fscdesk.models.values import ZERO, Money
from fscdesk.services.x12.professional import (
    Address,
    Adjustment,
    BillingProvider,
    Contact,
    LineAdjudication,
    Name,
    OtherPayer,
    PatientLoop,
    Payer,
    ProfessionalClaim,
    ProfessionalFile,
    ProfessionalSet,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from fscdesk.services.x12.writing import Controls

DAY = date(2026, 3, 2)
HOME = Address("14 ORCHARD LANE", "SPRINGFIELD", "IL", "62704")
OFFICE = Address("200 MAIN STREET", "SPRINGFIELD", "IL", "627010001", street2="SUITE 5")

CONTROLS = Controls(
    sender="FSC1234",
    receiver="CLEARING",
    interchange=42,
    group=7,
    made_at=datetime.combine(date(2026, 3, 5), time(9, 30)),
    test=True,
)
SUBMITTER = Submitter(
    Name.of_organization("WILLOW COUNSELING GROUP"),
    "FSC1234",
    Contact("DANA CLERK", "2175550100", extension="12", fax="2175550101"),
)
RECEIVER = Receiver("CLEARING HOUSE", "CLEARING")
BILLING = BillingProvider(
    name=Name.of_organization("WILLOW COUNSELING GROUP"),
    npi="1234567893",
    tax_id="371234567",
    address=OFFICE,
    taxonomy="101YM0800X",
)
SUBSCRIBER = Subscriber(
    name=Name("RIVERA", "ALMA", "J"),
    member_id="AET0012345",
    group_number="GRP77",
    filing_indicator="CI",
    address=HOME,
    born_on=date(1987, 6, 5),
    sex="F",
)
PAYER = Payer("AETHERIA HEALTH", "60054")
CHILD = PatientLoop("19", Name("RIVERA", "TEO"), HOME, date(2014, 2, 3), "M")


def a_line(number: int = 1, **changes: Any) -> ServiceLine:
    """One session of psychotherapy on its own day."""
    values: dict[str, Any] = {
        "code": "90837",
        "charge": Money(160_00),
        "pointers": (1,),
        "service_from": date(2026, 3, 1 + number % 28),
        "control": f"L{number}",
    }
    return ServiceLine(**{**values, **changes})


def a_claim(**changes: Any) -> ProfessionalClaim:
    """A plain claim of a subscriber; its charge follows the lines unless given."""
    lines = changes.get("lines", (a_line(),))
    values: dict[str, Any] = {
        "control": "FS-1001",
        "charge": sum((line.charge for line in lines), ZERO),
        "place": "11",
        "subscriber": SUBSCRIBER,
        "payer": PAYER,
        "diagnoses": ("F411",),
        "lines": lines,
    }
    return ProfessionalClaim(**{**values, **changes})


def a_secondary_claim() -> ProfessionalClaim:
    """A claim to the second payer, with the answer of the first to its line."""
    first = OtherPayer(
        responsibility="P",
        relationship="18",
        subscriber=Name("RIVERA", "ALMA"),
        member_id="BLU77",
        payer_name="BLUEFIELD MUTUAL",
        payer_id="00621",
        filing_indicator="BL",
        paid=Money(96_00),
        remaining=Money(24_00),
        claim_number="2026075A",
    )
    answer = LineAdjudication(
        payer_id="00621",
        paid=Money(96_00),
        code="90837",
        adjudicated_on=date(2026, 3, 20),
        adjustments=(
            Adjustment("CO", "45", Money(40_00)),
            Adjustment("PR", "2", Money(24_00)),
        ),
    )
    return a_claim(
        control="FS-1002",
        lines=(a_line(adjudications=(answer,)),),
        subscriber=Subscriber(
            name=Name("RIVERA", "ALMA", "J"),
            member_id="AET0012345",
            responsibility="S",
            filing_indicator="CI",
            address=HOME,
            born_on=date(1987, 6, 5),
            sex="F",
        ),
        other_payers=(first,),
    )


def a_file(*claims: ProfessionalClaim, **changes: Any) -> ProfessionalFile:
    """A test file of one set with these claims, or with a plain one."""
    one = ProfessionalSet("0001", "BATCH-42", BILLING, claims or (a_claim(),))
    values: dict[str, Any] = {
        "controls": CONTROLS,
        "submitter": SUBMITTER,
        "receiver": RECEIVER,
        "sets": (one,),
    }
    return ProfessionalFile(**{**values, **changes})
