"""Writes under each claim and line of a remittance what became of it, many at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fscdesk.models.remittance import Fate, Unposted
from fscdesk.services.bulk import run_many
from fscdesk.services.payments.remitted import take_out
from fscdesk.services.remittances.answered import Decided, DecidedClaim, DecidedLine
from fscdesk.services.work import Work

_TOLD = 300


def write_fates(work: Work, decided: Decided, posted: Collection[int]) -> None:
    """Write what became of claims that were not posted or closed before.

    ``posted`` are the positions of those that are in the books now; the others keep why they
    stay, as it was decided.
    """
    claims = [one for one in decided.claims if not (one.claim.posted or one.claim.closed)]
    run_many(
        work,
        "UPDATE remittance_claim SET fate = ?, why = ?, words = ? WHERE id = ?",
        [_claim(one, one.claim.position in posted) for one in claims],
    )
    done: list[DecidedLine] = []
    stay: list[DecidedLine] = []
    for one in claims:
        for line in one.lines:
            # Of a reversal a line may stay though the others post: nothing of it is in the books.
            posts = one.claim.position in posted and line.fate is Fate.POSTED
            (done if posts else stay).append(line)
    run_many(
        work,
        "UPDATE remittance_line SET fate = ?, why = '', words = ?, wrote_off = ?, to_patient = ?,"
        " denied = ?, expected = ?, reverses_id = ? WHERE id = ?",
        [_posted_line(line) for line in done],
    )
    run_many(
        work,
        "UPDATE remittance_line SET fate = ?, why = ?, words = ?, expected = ? WHERE id = ?",
        [
            (
                Fate.UNPOSTED.value,
                _why(line.why),
                line.words[:_TOLD],
                line.expected,
                line.line.row_id,
            )
            for line in stay
        ],
    )
    work.db.expire_all()


def write_undone(work: Work, claim_row_ids: Collection[int]) -> None:
    """Write that claims are not in the books any more; what matching found stays."""
    take_out(work, claim_row_ids)


def _claim(one: DecidedClaim, posted: bool) -> tuple[Any, ...]:
    if posted:
        return Fate.POSTED.value, "", one.words[:_TOLD], one.claim.row_id
    # What could post, but was not chosen, stays without a reason.
    why = one.why if one.fate is Fate.UNPOSTED else None
    words = one.words[:_TOLD] if why is not None else ""
    return Fate.UNPOSTED.value, _why(why), words, one.claim.row_id


def _posted_line(one: DecidedLine) -> tuple[Any, ...]:
    return (
        *(Fate.POSTED.value, one.words[:_TOLD], one.wrote_off, one.to_patient, one.denied),
        *(one.expected, one.reverses_id, one.line.row_id),
    )


def _why(one: Unposted | None) -> str:
    return "" if one is None else one.value
