"""What payers last said of each line of a claim, as its history of changes keeps it.

It stands lowest of what knows claims: where a session stands asks it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import ClaimChange
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work

FIELD: Final = "answer"
"""The field under which a line's answer stands in the claim's changes."""
PAID: Final = "paid"
DENIED: Final = "denied"


def line_answers(work: Work, claim_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Return by claim and line position what was last said: ``paid``, ``denied 16``, or "".

    Who says the group of a denial, too, says ``denied PR-204``. Who does not give a reason code
    (SimplePractice) says ``denied`` alone.
    """
    found: dict[int, dict[int, str]] = {one: {} for one in claim_ids}
    for row in work.db.execute(
        select(ClaimChange.claim_id, ClaimChange.line, ClaimChange.new)
        .where(among(work, ClaimChange.claim_id, claim_ids), ClaimChange.field == FIELD)
        .order_by(ClaimChange.id)
    ):
        found[row.claim_id][row.line or 0] = row.new
    return found


def is_denied(answer: str) -> bool:
    """Return whether a line's answer is a denial."""
    return answer.startswith(DENIED)


def carc_of_answer(answer: str) -> str:
    """Return the reason code of a line's answer, without its group; empty where it has none."""
    return _code_of(answer)[1]


def group_of_answer(answer: str) -> str:
    """Return the group of a line's denial (CO, PR, OA, PI); empty where nobody said one."""
    return _code_of(answer)[0]


def _code_of(answer: str) -> tuple[str, str]:
    code = answer.partition(" ")[2] if is_denied(answer) else ""
    group, dash, carc = code.rpartition("-")
    return (group, carc) if dash else ("", code)
