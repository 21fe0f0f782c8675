"""Chooses the appointments whose claims show something special: a denial, an appeal, a void, ….

SimplePractice never hears of an answer for them, so what happens to them happens at the desk alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

from fscdesk.services.demo import cast
from fscdesk.services.demo.diary import Appointment, Corner
from fscdesk.services.demo.insurers import takes_files
from fscdesk.services.demo.season import CLAIMS_ANSWERED, Season, workday

_LAST: Final = -1
_BATCHES: Final = {
    Corner.SECOND_PAYER: (-6, -5, -4),
    Corner.CROSSED_OVER: (-6, -5, -4, -3),
    Corner.APPEAL: (-6, -5, -4),
    Corner.CORRECTED: (-6, -5, -4),
    Corner.DENIED: (-5, -4, -3),
    Corner.TAKEN_BACK: (-5, -4, -3, -2),
    Corner.REJECTED: (_LAST,),
    Corner.HELD: (_LAST,),
    Corner.SHORT_ID: (_LAST,),
    Corner.NO_NPI: (_LAST,),
}
"""In which of the batches, counted from the last one, the claim of each goes."""
_OF_TWO_PAYERS: Final = (Corner.SECOND_PAYER, Corner.CROSSED_OVER)


def give_corners(rng: random.Random, season: Season, diary: Sequence[Appointment]) -> None:
    """Give each corner to an appointment that it fits.

    Of one client at most one in the last batch, and one before.
    """
    together = Counter((one.client.key, one.sent) for one in diary if one.ours and one.held)
    taken: dict[bool, set[str]] = {True: set(), False: set()}
    for corner, places in _BATCHES.items():
        here = taken[_LAST in places]
        days = {season.batches[place] for place in places if -place <= len(season.batches)}
        fit = [
            one
            for one in diary
            if one.ours
            and one.sent in days
            and one.corner is None
            and _is_plain(one)
            and (corner not in _OF_TWO_PAYERS or _has_one_payer(one))
            and together[one.client.key, one.sent] == 1
            and one.client.key not in here
            and not (corner is Corner.SHORT_ID and one.client.key in taken[False])
        ]
        if not fit:
            continue
        chosen = rng.choice(fit)
        here.add(chosen.client.key)
        chosen.corner = corner
        chosen.answers.clear()
        chosen.notes.clear()
        chosen.rejected = chosen.resent = None
        if corner is Corner.REJECTED:
            chosen.rejected = workday(season.batches[-1] + CLAIMS_ANSWERED)
        chosen.on_paper = False
        chosen.paid = chosen.paid[:1]


def _is_plain(one: Appointment) -> bool:
    """Return whether a payer that takes files owes it, and nothing else is told with the client."""
    client = one.client
    return (
        takes_files(one.payer)
        and one.payer not in (cast.NEEDS_AUTHORIZATION, cast.SECONDARY)
        and client.story is None
        and not one.on_paper
        and one.fee > one.share
        and not client.lapsed
    )


def _has_one_payer(one: Appointment) -> bool:
    """Return whether a second payer can come, and the first one answers a single line."""
    return one.client.secondary is None and one.client.guarantor is None and len(one.lines) == 1
