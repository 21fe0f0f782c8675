"""The settings of claims: how files are addressed, where they go, and how forms are printed."""

from __future__ import annotations

from typing import Final

from fscdesk.services.claims import policies
from fscdesk.services.setup.declaring import SettingDef

FILES: Final = "Claim files"
CLAIMS: Final = "Claims"
PAPER: Final = "Claim forms"
_QUALIFIERS: Final = (
    ("ZZ", "ZZ, as agreed"),
    ("30", "30, tax id"),
    ("27", "27, carrier number"),
    ("28", "28, fiscal intermediary"),
    ("29", "29, Medicare number"),
    ("33", "33, NAIC company code"),
    ("01", "01, DUNS number"),
    ("14", "14, DUNS with suffix"),
    ("20", "20, health industry number"),
)
_FARTHEST: Final = 72
"""Half points: half an inch, far beyond what a printer is off."""

CLAIM_SETTINGS: Final = (
    SettingDef(
        policies.OUTBOX,
        FILES,
        "Outbox",
        "The folder from which files go to the clearinghouse. Without it no file is written.",
        "folder",
        "",
        highest=400,
    ),
    SettingDef(
        policies.SUBMITTER_ID,
        FILES,
        "Submitter id",
        "By which the clearinghouse knows you; without it no file is made.",
        "text",
        "",
        highest=15,
    ),
    SettingDef(
        policies.SUBMITTER_QUALIFIER,
        FILES,
        "Kind of submitter id",
        "As the clearinghouse's guide says; most say ZZ.",
        "choice",
        policies.DEFAULT_QUALIFIER,
        choices=_QUALIFIERS,
    ),
    SettingDef(
        policies.SUBMITTER_NAME,
        FILES,
        "Submitter's name",
        "Who sends the file; empty for the practice's name.",
        "text",
        "",
        highest=60,
    ),
    SettingDef(
        policies.SUBMITTER_CONTACT,
        FILES,
        "Contact",
        "Whom the clearinghouse asks for; empty for the billing office.",
        "text",
        "",
        highest=60,
    ),
    SettingDef(
        policies.SUBMITTER_PHONE,
        FILES,
        "Phone of the contact",
        "Ten digits; empty for the practice's number.",
        "text",
        "",
        highest=20,
    ),
    SettingDef(
        policies.RECEIVER_ID,
        FILES,
        "Receiver id",
        "The clearinghouse's own id; without it no file is made.",
        "text",
        "",
        highest=15,
    ),
    SettingDef(
        policies.RECEIVER_QUALIFIER,
        FILES,
        "Kind of receiver id",
        "As the clearinghouse's guide says; most say ZZ.",
        "choice",
        policies.DEFAULT_QUALIFIER,
        choices=_QUALIFIERS,
    ),
    SettingDef(
        policies.RECEIVER_NAME,
        FILES,
        "Receiver's name",
        "The clearinghouse's name as its guide writes it; without it no file is made.",
        "text",
        "",
        highest=60,
    ),
    SettingDef(
        policies.MODE,
        FILES,
        "Files are",
        "A test file is looked at by the clearinghouse and goes to no payer.",
        "choice",
        policies.PRODUCTION,
        choices=((policies.PRODUCTION, "For production"), (policies.TEST, "Tests")),
    ),
    SettingDef(
        policies.DEFAULT_PLACE,
        CLAIMS,
        "Place of service",
        "Of sessions without a location: 11 for an office, 10 for video at home; empty for none.",
        "text",
        "",
        highest=2,
    ),
    SettingDef(
        policies.ELIGIBILITY_DAYS,
        CLAIMS,
        "Ask for coverage again after",
        "Claims warn when coverage was not asked for so long; 0 never warns.",
        "whole",
        policies.DEFAULT_ELIGIBILITY_DAYS,
        lowest=0,
        highest=365,
        unit="days",
    ),
    SettingDef(
        policies.MOST_UNITS,
        CLAIMS,
        "Most units a day",
        "Claims warn above these: codes with their numbers, as 90837 1, 96131 4; empty for none.",
        "text",
        "",
        highest=2_000,
    ),
    SettingDef(
        policies.APPEAL_LETTER,
        CLAIMS,
        "Appeal letter",
        "What an appeal says before the argument; empty for the usual words.",
        "text",
        "",
        highest=2_000,
    ),
    SettingDef(
        policies.PRINT_RIGHT,
        PAPER,
        "Move to the right",
        "In half points, for red forms; printers with a name of their own are adjusted in "
        "Claims, Batches.",
        "whole",
        0,
        lowest=-_FARTHEST,
        highest=_FARTHEST,
        unit="half points",
    ),
    SettingDef(
        policies.PRINT_DOWN,
        PAPER,
        "Move down",
        "In half points, for red forms; printers with a name of their own are adjusted in "
        "Claims, Batches.",
        "whole",
        0,
        lowest=-_FARTHEST,
        highest=_FARTHEST,
        unit="half points",
    ),
)
