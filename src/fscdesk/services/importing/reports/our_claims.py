"""What SimplePractice says of a claim that was sent from here: the payer's number, a denial.

Our own claim knows better where it stands. It takes only what it lacks: the payer's number where
it has none, and a denial where it still waits for an answer. Undoing the import gives both back,
where nobody has done anything about them since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, Frequency
from fscdesk.services.claim_answers import DENIED, set_line_answers, take_answers_back
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.claim_statuses import lock_claims
from fscdesk.services.claims.clocks import WAITING
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.id_sets import among
from fscdesk.services.work import Topic, Work

NUMBER: Final = "payer_number"


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of the claim of a session; ``row_id`` is the plan's row."""

    row_id: int
    session_id: int
    payer_id: int | None
    payer_claim: str
    denied: bool


def tell_our_claims(work: Work, batch_id: int, rows: Sequence[Said]) -> dict[int, list[object]]:
    """Let our claims take what they lack; return by row [claim, old number, new number]."""
    claims = _claims_of(work, rows)
    if not claims:
        return {}
    locked = {claim.id: claim for claim in lock_claims(work, {one for one, _ in claims.values()})}
    source, numbered = _source(batch_id), dict[int, list[object]]()
    denied: dict[int, dict[int, str]] = defaultdict(dict)
    for said in rows:
        if said.row_id not in claims:
            continue
        claim_id, positions = claims[said.row_id]
        claim = locked[claim_id]
        if said.payer_claim and not claim.payer_number:
            claim.payer_number = said.payer_claim[:50]
            change = FieldChange(NUMBER, "", claim.payer_number)
            write_changes(work, claim_id, [change], source=source)
            numbered[said.row_id] = [claim_id, "", claim.payer_number]
            work.touch(Topic.CLAIMS)
        if said.denied and claim.status in WAITING:
            denied[claim_id].update(dict.fromkeys(positions, DENIED))
    if denied:
        set_line_answers(work, denied, source=source, day=work.today())
    return numbered


def take_back_from_our_claims(
    work: Work, batch_id: int, numbers: Collection[Sequence[object]]
) -> None:
    """Give our claims back what they were told; a number that was typed over since stays."""
    wanted: Mapping[int, tuple[str, str]] = {
        int(str(claim_id)): (str(old), str(new)) for claim_id, old, new in numbers
    }
    source = _source(batch_id)
    for claim in lock_claims(work, wanted) if wanted else ():
        old, new = wanted[claim.id]
        if claim.payer_number == new:
            claim.payer_number = old
            write_changes(
                work, claim.id, [FieldChange(NUMBER, new, old)], source=f"{source} undone"
            )
            work.touch(Topic.CLAIMS)
    take_answers_back(work, source, day=work.today())


def _claims_of(work: Work, rows: Sequence[Said]) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Return by row the one claim that it can mean, and the positions of its session's lines.

    A session with claims to several payers needs the payer; where two would do, none is meant.
    """
    lines: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    payers: dict[int, int] = {}
    for row in work.db.execute(
        select(ClaimLine.session_id, ClaimLine.claim_id, ClaimLine.position, Claim.payer_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            among(work, ClaimLine.session_id, {one.session_id for one in rows}),
            Claim.status.not_in(FALLEN | UNSENT),
            Claim.frequency != Frequency.VOID,
        )
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    ):
        lines[row.session_id][row.claim_id].append(row.position)
        payers[row.claim_id] = row.payer_id
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    for said in rows:
        meant = [
            claim_id
            for claim_id in lines.get(said.session_id, {})
            if said.payer_id in (None, payers[claim_id])
        ]
        if len(meant) == 1:
            found[said.row_id] = (meant[0], tuple(lines[said.session_id][meant[0]]))
    return found


def _source(batch_id: int) -> str:
    return f"SimplePractice, import {batch_id}"
