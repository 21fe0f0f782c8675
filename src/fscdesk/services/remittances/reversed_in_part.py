"""A reversal of several lines of which some are not in the books (any more): the others post. Pure.

A payer that has taken one service back may take the whole claim back later, with that service in
it. The rest is reversed once; what was taken for nothing that is here is named, and stays to be
explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fscdesk.models.remittance import Fate, Unposted
from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import AnsweredClaim, DecidedClaim, DecidedLine

_LONGEST: Final = 300


def nothing_to_reverse(
    claim: AnsweredClaim, decided: Sequence[DecidedLine]
) -> tuple[DecidedLine, ...]:
    """Return the lines of a reversal that find nothing in the books, where the others post.

    Nothing where none of it posts, or a line stays for another reason: then it waits whole.
    """
    stay = tuple(one for one in decided if one.fate is Fate.UNPOSTED)
    if not claim.reversal or any(one.why is not Unposted.REVERSES_NOTHING for one in stay):
        return ()
    posts = any(one.paid or one.undo or one.reverses_id for one in decided if one not in stay)
    return stay if posts else ()


def rest_told(
    claim: AnsweredClaim, decided: Sequence[DecidedLine], rest: Sequence[DecidedLine]
) -> DecidedClaim:
    """Return a reversal that posts without ``rest``, which it names with its reason."""
    charges = {one.line.charge_id for one in rest}
    # Lines that are about one charge are one answer: they stay together.
    lines = tuple(
        replace(one, fate=Fate.UNPOSTED, why=Unposted.REVERSES_NOTHING)
        if one.line.charge_id in charges
        else one
        for one in decided
    )
    whole = DecidedClaim(claim, Fate.POSTED, None, "", lines)
    left = f"{Money(whole.unexplained)} of it stays to be explained. " if whole.unexplained else ""
    more = f" And {len(rest) - 1} more like it." if len(rest) > 1 else ""
    return replace(whole, words=f"{left}{rest[0].words}{more}"[:_LONGEST])
