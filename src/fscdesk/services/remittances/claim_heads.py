"""Shares what a payer adjusts at the head of a claim over its services, to the cent. Pure.

Some payers adjust at the head what they left out of the services; others pay the services and take
something off the whole claim (a deductible, sequestration). Either way each service comes out
balanced, and together they pay what the claim pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import AnsweredClaim, AnsweredLine, Cas


def balanced_lines(claim: AnsweredClaim) -> tuple[AnsweredLine, ...] | None:
    """Return the services of a claim with their parts of what stands at its head.

    None where they do not balance: a service for itself, or all of them with the claim.
    """
    lines = claim.lines
    head = [one for one in claim.cas if one.cents]
    if len(lines) == 1 and not lines[0].itemised and lines[0].cas == claim.cas:
        head = []  # whoever read it has put the head's with the one line already
    sign = -1 if claim.reversal else 1
    missing = [sign * _missing(one) for one in lines]
    if head and any(missing):
        parts = _shared([sign * one.cents for one in head], missing, lines)
        if parts is None or any(parts[1]):
            return None
        paid = [one.paid for one in lines]
    elif head:
        parts = _shared(
            [sign * one.cents for one in head], [sign * one.paid for one in lines], lines
        )
        if parts is None:
            return None
        paid = [sign * cents for cents in parts[1]]
    else:
        return lines if not any(missing) and _adds_up(claim, lines) else None
    found = tuple(
        replace(line, paid=cents, cas=(*line.cas, *_with(head, own, sign)))
        for line, cents, own in zip(lines, paid, parts[0], strict=True)
    )
    return found if _adds_up(claim, found) and not any(map(_missing, found)) else None


def _shared(
    amounts: Sequence[int], room: Sequence[int], lines: Sequence[AnsweredLine]
) -> tuple[list[list[int]], list[int]] | None:
    """Share amounts over lines by the room that each has; return the parts, and what room is left.

    An amount below zero makes room, by what was billed. None where there is not enough room.
    """
    left = list(room)
    parts = [[0] * len(amounts) for _ in lines]
    billed = [abs(one.charge) for one in lines]
    order = sorted(range(len(amounts)), key=lambda index: amounts[index])
    for index in order:
        cents = amounts[index]
        weights = left if cents > 0 else billed
        if any(one < 0 for one in weights) or cents > sum(left) or not sum(weights):
            return None
        takes = [at for at, weight in enumerate(weights) if weight]
        shares = Money(abs(cents)).split([weights[at] for at in takes])
        for at, share in zip(takes, shares, strict=True):
            part = share.cents if cents > 0 else -share.cents
            parts[at][index] += part
            left[at] -= part
    return parts, left


def _with(head: Sequence[Cas], parts: Sequence[int], sign: int) -> list[Cas]:
    return [
        one._replace(cents=sign * cents) for one, cents in zip(head, parts, strict=True) if cents
    ]


def _missing(line: AnsweredLine) -> int:
    """Return what of a service is neither paid nor adjusted."""
    return line.charge - line.paid - sum(one.cents for one in line.cas)


def _adds_up(claim: AnsweredClaim, lines: Sequence[AnsweredLine]) -> bool:
    return sum(one.paid for one in lines) == claim.paid
