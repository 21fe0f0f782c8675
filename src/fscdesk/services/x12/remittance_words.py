"""What the codes of an 835 mean, in our own plain words: CLP02, BPR04, CAS01 and PLB03.

The codes are the implementation guide's; the words are ours.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

CLAIM_STATUSES: Final = MappingProxyType(
    {
        "1": "processed as primary",
        "2": "processed as secondary",
        "3": "processed as tertiary",
        "4": "denied",
        "5": "pended",
        "10": "received, not in process",
        "13": "suspended",
        "15": "suspended, under investigation",
        "16": "suspended, returned with material",
        "17": "suspended, under review",
        "19": "processed as primary and forwarded",
        "20": "processed as secondary and forwarded",
        "21": "processed as tertiary and forwarded",
        "22": "an earlier payment reversed",
        "23": "not this payer's claim, forwarded",
        "25": "predetermination only, no payment",
        "27": "reviewed",
    }
)

PAYMENT_METHODS: Final = MappingProxyType(
    {
        "ACH": "direct deposit",
        "BOP": "the financial institution's choice",
        "CHK": "check",
        "FWT": "wire transfer",
        "NON": "no payment, information only",
    }
)

GROUPS: Final = MappingProxyType(
    {
        "CO": "contract: not the client's",
        "CR": "correction of an earlier answer",
        "OA": "other",
        "PI": "the payer's own reduction",
        "PR": "the client's share",
    }
)

PROVIDER_ADJUSTMENTS: Final = MappingProxyType(
    {
        "50": "penalty for late filing",
        "51": "penalty with interest",
        "72": "money that we returned",
        "90": "discount for early payment",
        "AH": "origination fee",
        "AM": "applied to a borrower's account",
        "AP": "advance payment",
        "B2": "rebate",
        "B3": "recovery allowance",
        "BD": "bad debt of a client",
        "BN": "bonus",
        "C5": "temporary allowance",
        "CR": "interest on capitation",
        "CS": "adjustment",
        "CT": "capitation payment",
        "CV": "share of capital costs",
        "CW": "share of nurse anesthetist costs",
        "DM": "share of medical education costs",
        "E3": "withheld",
        "FB": "balance carried forward",
        "FC": "allocation of funds",
        "GO": "share of graduate education costs",
        "HM": "supplement for hemophilia clotting factors",
        "IP": "incentive payment",
        "IR": "withheld for the tax office",
        "IS": "interim settlement",
        "J1": "not reimbursable",
        "L3": "penalty",
        "L6": "interest",
        "LE": "levy",
        "LS": "lump sum",
        "OA": "share of organ acquisition costs",
        "OB": "offset for an affiliated provider",
        "PI": "periodic interim payment",
        "PL": "final settlement",
        "RA": "change with effect from an earlier day",
        "RE": "return on equity",
        "SL": "student loan repaid",
        "TL": "third party liability",
        "WO": "overpayment taken back",
        "WU": "taken back without a stated reason",
    }
)


def status_words(code: str) -> str:
    """Return a CLP02 in words, ``status 77`` where it is not known."""
    return CLAIM_STATUSES.get(code.lstrip("0"), f"status {code}")


def method_words(code: str) -> str:
    """Return a BPR04 in words, ``method X`` where it is not known."""
    return PAYMENT_METHODS.get(code.upper(), f"method {code}")


def group_words(code: str) -> str:
    """Return a CAS01 in words, ``group X`` where it is not known."""
    return GROUPS.get(code.upper(), f"group {code}")


def provider_adjustment_words(code: str) -> str:
    """Return a PLB reason in words, ``reason X`` where it is not known."""
    return PROVIDER_ADJUSTMENTS.get(code.upper(), f"reason {code}")
