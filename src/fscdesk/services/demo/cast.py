"""Who and what the fictional practice has: clinicians, payers, services and prices.

Nobody here exists. NPIs begin with 2, which has never been given out, and end with the
right check digit; names of services are the practice's own; web addresses end in
``.invalid``, e-mail addresses of clients in ``example.com``.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from fscdesk.models.service import ServiceKind

NAME: Final = "Fictional Springs Counseling"
ZONE: Final = "America/New_York"
LATE_CANCEL: Final = "LCF"
NO_SHOW: Final = "NSH"
FEES: Final = MappingProxyType({LATE_CANCEL: 7500, NO_SHOW: 10000})
CLIENT_ONLY: Final = frozenset({LATE_CANCEL, NO_SHOW, "012"})
"""What no payer covers."""
EVALUATION: Final = (("96130", 1), ("96131", 3), ("96136", 1), ("96137", 5))
NEEDS_AUTHORIZATION: Final = 3
SECONDARY: Final = 4
NO_COPAY: Final = frozenset({6, 7})


class Clinician(NamedTuple):
    """A clinician; ``weight`` is the share of the week's hours, in parts of 100.

    ``writes_late``: of 100 notes, how many are signed many days after the session.
    """

    name: str
    credentials: str
    npi: str
    taxonomy: str
    weight: int
    writes_late: int = 2
    prescribes: bool = False


class PayerFacts(NamedTuple):
    """A payer. ``allows``: percent of the fee; ``answers``: days from claim to money."""

    name: str
    short_name: str
    code: str
    filing_days: int
    allows: int
    answers: int
    share: int
    portal: str
    steps: str
    prefix: str


class ServiceItem(NamedTuple):
    """A service with its first rate in cents."""

    code: str
    name: str
    kind: ServiceKind
    minutes: int | None
    rate: int
    account: str


def npi(nine: str) -> str:
    """Return an NPI: nine digits and the check digit (Luhn over 80840 and the number)."""
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return nine + str(-total % 10)


CLINICIANS: Final = (
    Clinician("Testa Fernsample", "LCSW", npi("299900001"), "1041C0700X", 15),
    Clinician("Mockley O'Sample", "PhD", npi("299900002"), "103TC0700X", 14, writes_late=11),
    Clinician("Ana-María Ficticia", "LMFT", npi("299900003"), "106H00000X", 14),
    Clinician(
        "Placebo Quentin Q. Standin",
        "PMHNP-BC",
        npi("299900004"),
        "363LP0808X",
        6,
        prescribes=True,
    ),
    Clinician("Noémie Échantillon", "LPC", npi("299900005"), "101YP2500X", 13),
    Clinician("Fabrizia Finzione", "LCSW", npi("299900006"), "1041C0700X", 13),
    Clinician("Sigrún Tilbúningur", "PsyD", npi("299900007"), "103TC0700X", 12),
    Clinician("Kofi Mfano", "LPC", npi("299900008"), "101YP2500X", 10),
)
JOINS_LATER: Final = 7
"""This clinician comes after a while, and the books learn of him from the import."""
RENAMED: Final = 3
"""This one is shown with other words from some day on (``shown_as``)."""
SHOWN_AS: Final = "Placebo Q. Standin, PMHNP-BC"
GROUP_LEADER: Final = 2
EVALUATOR: Final = 6
SUPERVISOR: Final = 5
"""This one supervises who is not licensed to work alone yet."""

PAYERS: Final = (
    PayerFacts(
        "Imaginary Blue Plan of Nowhere",
        "Imaginary Blue",
        "99901",
        180,
        76,
        14,
        30,
        "Blue Nowhere Desk",
        "Sign in, Claims, Search by member id and date of service.",
        "IBN",
    ),
    PayerFacts(
        "Make-Believe Health  MB  Plus Plan (MakeBelieve Mutual Fund)",
        "Make-Believe",
        "99902",
        90,
        69,
        18,
        22,
        "Make-Believe Online",
        "Claims, Status. The claim number begins with MB.",
        "MB",
    ),
    PayerFacts(
        "Example East",
        "Example East",
        "99903",
        120,
        72,
        16,
        16,
        "Example East for Offices",
        "Office portal, Payments, Remittances by week.",
        "EE",
    ),
    PayerFacts(
        "FICTA",
        "FICTA",
        "99904",
        95,
        81,
        20,
        12,
        "FICTA Link",
        "Authorizations first, then Claims. A session without one is denied.",
        "F",
    ),
    PayerFacts(
        "Second Pretend Mutual",
        "Second Pretend",
        "99905",
        365,
        78,
        21,
        4,
        "Pretend Mutual Access",
        "Send the first payer's answer with the claim.",
        "SPM",
    ),
    PayerFacts(
        "Placeholder Life & Health",
        "Placeholder L&H",
        "99906",
        180,
        74,
        22,
        8,
        "Placeholder Answers",
        "By telephone only before 9 in the morning.",
        "PLH",
    ),
    PayerFacts(
        "Nowhere State Assistance",
        "Nowhere State",
        "99907",
        365,
        62,
        19,
        6,
        "Nowhere State Office",
        "Eligibility for the month, then Claims.",
        "NSA",
    ),
    PayerFacts(
        "Mockup Employee Assistance",
        "Mockup EAP",
        "99908",
        60,
        58,
        24,
        2,
        "Mockup Counsel",
        "One case number for all sessions of a client.",
        "EAP",
    ),
)
PAYER_RENAMED: Final = 2
PAYER_SHOWN_AS: Final = "Example East Health Plan"
SELF_PAY: Final = 7
"""Of 100 clients, how many pay for themselves."""

_THERAPY, _TESTING, _GROUP, _FEES = "4010", "4020", "4030", "4300"
SERVICES: Final = (
    ServiceItem("90791", "First visit", ServiceKind.SESSION, 60, 20000, _THERAPY),
    ServiceItem("90837", "Individual 60", ServiceKind.SESSION, 60, 16000, _THERAPY),
    ServiceItem("90834", "Individual 45", ServiceKind.SESSION, 45, 13000, _THERAPY),
    ServiceItem("90832", "Individual 30", ServiceKind.SESSION, 30, 11000, _THERAPY),
    ServiceItem("90847", "Couple or family", ServiceKind.SESSION, 50, 18000, _THERAPY),
    ServiceItem("90853", "Thursday group", ServiceKind.SESSION, 90, 7500, _GROUP),
    ServiceItem("90785", "Add-on: play and interpreter", ServiceKind.ADD_ON, None, 2500, _THERAPY),
    ServiceItem("99213", "Prescriber short", ServiceKind.SESSION, 20, 13500, _THERAPY),
    ServiceItem("99214", "Prescriber long", ServiceKind.SESSION, 30, 19000, _THERAPY),
    ServiceItem("90833", "Add-on: talk with prescriber", ServiceKind.ADD_ON, 30, 9500, _THERAPY),
    ServiceItem("96130", "Evaluation, hour one", ServiceKind.SESSION, 60, 25000, _TESTING),
    ServiceItem("96131", "Evaluation, more hours", ServiceKind.ADD_ON, 60, 20000, _TESTING),
    ServiceItem("96136", "Tests, half hour one", ServiceKind.SESSION, 30, 11000, _TESTING),
    ServiceItem("96137", "Tests, more half hours", ServiceKind.ADD_ON, 30, 5500, _TESTING),
    ServiceItem("012", "Coaching hour", ServiceKind.SESSION, 60, 9500, _THERAPY),
    ServiceItem(
        LATE_CANCEL, "Late cancel", ServiceKind.LATE_CANCEL_FEE, None, FEES[LATE_CANCEL], _FEES
    ),
    ServiceItem(NO_SHOW, "Missed session", ServiceKind.NO_SHOW_FEE, None, FEES[NO_SHOW], _FEES),
)
_RATES: Final = {item.code: item for item in SERVICES}
RAISED_FROM: Final = 10000
YEARLY_RAISE: Final = 500


def rate(code: str, day: date, first_year: int) -> int:
    """Return the price of one unit in cents; sessions cost $5 more each year."""
    item = _RATES[code]
    if item.rate < RAISED_FROM or item.kind is not ServiceKind.SESSION:
        return item.rate
    return item.rate + YEARLY_RAISE * max(day.year - first_year, 0)


def allowed(payer: int, fee: int) -> int:
    """Return what a payer allows of a fee, in cents."""
    return fee * PAYERS[payer].allows // 100
