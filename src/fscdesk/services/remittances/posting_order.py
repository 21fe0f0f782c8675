"""In which order the checks of one file post: what was paid, what takes it back, what says anew.

A clearing house bundles the checks of several days, and not always in their order. A reversal
whose original stands in another check of the file must find it in the books; and what corrects
it must find it taken back. Among all others the order of the file stays.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fscdesk.services.remittances.answered import AnsweredClaim, AnsweredRemittance
from fscdesk.services.remittances.netting import in_books, pays_what
from fscdesk.services.remittances.stand import stands
from fscdesk.services.work import Work


class _Told(NamedTuple):
    """A claim with the place of its check in the file."""

    at: int
    claim: AnsweredClaim


def posting_order(work: Work, found: Sequence[AnsweredRemittance]) -> list[int]:
    """Return the places of checks in the order in which they post; they are matched already."""
    after: dict[int, set[int]] = defaultdict(set)
    for payer_id in {one.payer_id for one in found} - {None}:
        for first, then in _pairs(work, found, payer_id or 0):
            after[first].add(then)
    return _sorted(len(found), after)


def order_of_files(work: Work, files: Sequence[Sequence[AnsweredRemittance]]) -> list[int]:
    """Return the places of files in the order in which they post; their checks are matched.

    The payer's oldest check comes first, and what takes back after what it takes back.
    """
    by_day = sorted(
        range(len(files)), key=lambda at: min((one.paid_on for one in files[at]), default=date.max)
    )
    found = [one for at in by_day for one in files[at]]
    place = [at for at, file in enumerate(by_day) for _ in files[file]]
    after: dict[int, set[int]] = defaultdict(set)
    for payer_id in {one.payer_id for one in found} - {None}:
        for first, then in _pairs(work, found, payer_id or 0):
            if place[first] != place[then]:
                after[place[first]].add(place[then])
    return [by_day[at] for at in _sorted(len(files), after)]


def _pairs(
    work: Work, found: Sequence[AnsweredRemittance], payer_id: int
) -> Iterator[tuple[int, int]]:
    """Yield which check of a payer goes before which."""
    answers: dict[int, list[_Told]] = defaultdict(list)
    backs: list[_Told] = []
    for at, remittance in enumerate(found):
        for claim in remittance.claims if remittance.payer_id == payer_id else ():
            if claim.reversal:
                backs.append(_Told(at, claim))
                continue
            for charge_id in _charges(claim):
                answers[charge_id].append(_Told(at, claim))
    beside = [(back, _others(back, answers)) for back in backs]
    beside = [(back, others) for back, others in beside if others]
    if not beside:
        return
    wanted = {charge_id for back, _ in beside for charge_id in _charges(back.claim)}
    standing = stands(work, wanted, payer_id)
    for back, others in beside:
        twins = (
            []
            if in_books(back.claim, standing)
            else [one for one in others if pays_what(one.claim, back.claim)]
        )
        for one in others:
            yield (one.at, back.at) if one in twins[:1] else (back.at, one.at)


def _others(back: _Told, answers: Mapping[int, Sequence[_Told]]) -> list[_Told]:
    """Return what other checks say of the charges of a reversal, in the order of the file."""
    known = {
        (one.at, one.claim.position): one
        for charge_id in _charges(back.claim)
        for one in answers.get(charge_id, ())
        if one.at != back.at
    }
    return [known[key] for key in sorted(known)]


def _charges(claim: AnsweredClaim) -> set[int]:
    return {one.charge_id for one in claim.lines if one.charge_id is not None}


def _sorted(count: int, after: Mapping[int, set[int]]) -> list[int]:
    """Return places so that each goes before those after it; what goes in a circle as it stands."""
    missing = [0] * count
    for others in after.values():
        for one in others:
            missing[one] += 1
    ready = [at for at in range(count) if not missing[at]]
    order: list[int] = []
    waiting = set(range(count)) - set(ready)
    while ready or waiting:
        if not ready:
            ready = [min(waiting)]
            waiting -= set(ready)
        at = heapq.heappop(ready)
        order.append(at)
        for one in after.get(at, ()):
            missing[one] -= 1
            if not missing[one] and one in waiting:
                waiting.remove(one)
                heapq.heappush(ready, one)
    return order
