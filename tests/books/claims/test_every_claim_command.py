"""Every command of the room of claims is known to a battery: whole or not at all, and once."""

from __future__ import annotations

import re
from pathlib import Path

import fscdesk.services.claims as room
from tests.support.claim_acts import ONCE
from tests.support.commands import commands
from tests.support.every_command import Battery
from tests.support.keyed_acts import KEYED
from tests.support.more_claim_acts import MORE

HERE = Path(__file__).parent
LOOK_ONLY = frozenset(
    {
        *("batch_detail", "batch_file", "batch_pdf", "claim_pdf", "copy_for_test", "denial_rates"),
        *("page_of_batches", "plan_acknowledgment", "plan_batch", "portal_list"),
        *("portal_round", "preview_letter", "ready_claims", "appeals_opened", "page_of_counted"),
    }
)
"""They ask for a right, and change nothing in the books."""
OF_SEVERAL = frozenset({"build_today"})
"""They do what other commands do, one after the other, in one transaction."""
PARTS = frozenset({"follow_claims", "write_missing"})
"""They are done by other commands, within them."""


def _tried_elsewhere() -> frozenset[str]:
    """Return the commands that batteries of their own in this folder call."""
    batteries = "\n".join(
        text
        for path in HERE.glob("test_*.py")
        if "assert_all_or_nothing" in (text := path.read_text(encoding="utf-8"))
    )
    return frozenset(one for one in commands(room) if re.search(rf"\b{one}\(", batteries))


class TestEveryClaimCommand(Battery):
    """The battery of what no other test of the room tries so."""

    rooms = (room,)
    once = MORE
    elsewhere = LOOK_ONLY | OF_SEVERAL | PARTS | _tried_elsewhere() | set(ONCE) | set(KEYED)
    least = 40
