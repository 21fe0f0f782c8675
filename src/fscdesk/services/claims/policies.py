"""What the practice has decided about its claims; each decision has a default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fscdesk.models.setting import Setting
from fscdesk.services.work import Work

SUBMITTER_ID: Final = "claims_submitter_id"
"""Setting: by which the receiver knows the practice (ISA06, GS02, 1000A NM109)."""
SUBMITTER_NAME: Final = "claims_submitter_name"
"""Setting: who sends (1000A NM103); empty for the practice's name."""
SUBMITTER_CONTACT: Final = "claims_submitter_contact"
"""Setting: whom the receiver asks for (1000A PER02); empty for the billing office."""
SUBMITTER_PHONE: Final = "claims_submitter_phone"
"""Setting: where the receiver calls (1000A PER04); empty for the practice's phone."""
RECEIVER_ID: Final = "claims_receiver_id"
"""Setting: the clearinghouse's id (ISA08, GS03, 1000B NM109)."""
RECEIVER_NAME: Final = "claims_receiver_name"
"""Setting: the clearinghouse's name (1000B NM103)."""
RECEIVER_QUALIFIER: Final = "claims_receiver_qualifier"
"""Setting: what kind of id the receiver's is (ISA07)."""
SUBMITTER_QUALIFIER: Final = "claims_submitter_qualifier"
"""Setting: what kind of id the submitter's is (ISA05)."""
MODE: Final = "claims_mode"
"""Setting: whether files are tests or for production (ISA15)."""
OUTBOX: Final = "claims_outbox"
"""Setting: the folder into which files are written; empty for none."""
DEFAULT_PLACE: Final = "claims_default_place"
"""Setting: the place of service of a session that has none; empty for none."""
ELIGIBILITY_DAYS: Final = "claims_eligibility_days"
"""Setting: after how many days coverage should be asked for again; 0 for never."""
MOST_UNITS: Final = "claims_most_units"
"""Setting: the most units of a code on one day, as ``90837 1, 96131 4``; empty for none."""
PRINT_RIGHT: Final = "claims_print_right"
"""Setting: by how many half points a CMS-1500 is moved to the right."""
PRINT_DOWN: Final = "claims_print_down"
"""Setting: by how many half points a CMS-1500 is moved down."""
PRINTERS: Final = "claims_printers"
"""Setting: how far each named printer moves a CMS-1500 (``printers.py``)."""
APPEAL_LETTER: Final = "claims_appeal_letter"
"""Setting: what an appeal letter says; empty for the usual words."""

PRODUCTION: Final = "production"
TEST: Final = "test"
DEFAULT_QUALIFIER: Final = "ZZ"
DEFAULT_ELIGIBILITY_DAYS: Final = 30
DEFAULT_CONTACT: Final = "Billing office"


@dataclass(frozen=True, slots=True)
class Sender:
    """How files are addressed: who sends and who receives, and whether they are tests."""

    submitter_id: str
    submitter_name: str
    submitter_qualifier: str
    contact: str
    phone: str
    receiver_id: str
    receiver_name: str
    receiver_qualifier: str
    test: bool

    @property
    def lacks(self) -> str:
        """Return which setting is missing before a file can be made, in words; "" for none."""
        needed = (
            ("submitter id", self.submitter_id),
            ("receiver id", self.receiver_id),
            ("receiver name", self.receiver_name),
            ("submitter name", self.submitter_name),
            ("phone number for the receiver", self.phone),
        )
        return next((f"no {name}" for name, value in needed if not value), "")


def sender(work: Work, *, practice: str = "", phone: str = "") -> Sender:
    """Return how files are addressed; ``practice`` and ``phone`` stand in for what is empty."""
    return Sender(
        words(work, SUBMITTER_ID),
        words(work, SUBMITTER_NAME) or practice,
        words(work, SUBMITTER_QUALIFIER) or DEFAULT_QUALIFIER,
        words(work, SUBMITTER_CONTACT) or DEFAULT_CONTACT,
        words(work, SUBMITTER_PHONE) or phone,
        words(work, RECEIVER_ID),
        words(work, RECEIVER_NAME),
        words(work, RECEIVER_QUALIFIER) or DEFAULT_QUALIFIER,
        words(work, MODE) == TEST,
    )


def outbox(work: Work) -> Path | None:
    """Return the folder into which files are written, or None where none is set."""
    folder = words(work, OUTBOX)
    return Path(folder) if folder else None


def default_place(work: Work) -> str:
    """Return the place of service of a session that has none, or nothing."""
    return words(work, DEFAULT_PLACE)


def eligibility_days(work: Work) -> int:
    """Return after how many days coverage should be asked for again; 0 for never."""
    value = _value(work, ELIGIBILITY_DAYS)
    return DEFAULT_ELIGIBILITY_DAYS if value is None else int(value)


def print_steps(work: Work) -> tuple[int, int]:
    """Return by how many half points a printer without a name moves a CMS-1500 right and down."""
    return int(_value(work, PRINT_RIGHT) or 0), int(_value(work, PRINT_DOWN) or 0)


def words(work: Work, key: str) -> str:
    """Return a text that the practice has set, or nothing."""
    return str(_value(work, key) or "")


def _value(work: Work, key: str) -> Any:
    setting = work.db.get(Setting, key)
    return None if setting is None else setting.value
