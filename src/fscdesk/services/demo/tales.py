"""Chooses the appointments of which remittances tell something special, each once.

A denial of each usual kind with what becomes of it, money taken back in each way, a claim that is
passed on. Where a small practice has no appointment that fits, the tale is not told.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from fscdesk.models.session import BillingStatus
from fscdesk.services.demo import cast
from fscdesk.services.demo.diary import Appointment, DeskNote, Said, Tale
from fscdesk.services.demo.insurers import takes_files
from fscdesk.services.demo.season import Season, workday

REVIEWED: Final = 0
"""The payer whose remittances somebody looks at before they are posted; the newest waits."""
_MORE: Final = 15_00
"""What a client's part grows by where a payer corrects itself."""
_PLACES: Final = {
    Tale.PASSED_ON: (-2,),
    Tale.CARRIED: (-7, -6, -5),
    Tale.RECOVERED: (-7, -6, -5, -4),
    Tale.WON: (-7, -6, -5),
    Tale.MENDED: (-6, -5, -4),
    Tale.TO_RECOVER: (-6, -5, -4, -3),
    Tale.APPEALED: (-4, -3),
    Tale.LATE: (-3, -2),
    Tale.NOT_COVERED: (-3, -2),
    Tale.PAID_TWICE: (-6, -5, -4, -3),
}
"""In which of the readings, counted from the last one, the first answer of each stands."""
_LARGE: Final = frozenset({0, 1, 2})
"""Payers (by their places in the cast) from whom a check comes nearly each week."""
_OF_LARGE_PAYERS: Final = frozenset({Tale.CARRIED, Tale.RECOVERED, Tale.TO_RECOVER})
_CARCS: Final = {
    Tale.MENDED: "CO-16",
    Tale.WON: "CO-197",
    Tale.APPEALED: "CO-97",
    Tale.LATE: "CO-29",
    Tale.NOT_COVERED: "PR-204",
}
_DENIED: Final = frozenset({Tale.LATE, Tale.NOT_COVERED})
_OF_ONE_LINE: Final = _OF_LARGE_PAYERS | _DENIED | {Tale.PASSED_ON, Tale.PAID_TWICE}
"""These touch only what they tell of, whatever else stands on the same claim."""


def give_tales(rng: random.Random, season: Season, diary: Sequence[Appointment]) -> None:
    """Give each tale to an appointment that it fits; of one client at most one."""
    together = Counter((one.client.key, one.sent) for one in diary if one.ours and one.held)
    cornered = {one.client.key for one in diary if one.corner is not None}
    taken: set[str] = set()
    for tale, places in _PLACES.items():
        told = next((one for one in diary if one.tale is None and _tells(one, tale)), None)
        if told is not None:
            taken.add(told.client.key)
            told.tale = tale
            told.remitted[0] = told.remitted[0]._replace(carc=_CARCS[tale])
            continue
        days = {season.readings[place] for place in places if -place <= len(season.readings)}
        busy = taken | cornered if tale is Tale.PASSED_ON else taken
        fit = [
            one
            for one in diary
            if _fits(one, tale)
            and one.remitted[0].day in days
            and one.client.key not in busy
            and (tale in _OF_ONE_LINE or together[one.client.key, one.sent] == 1)
        ]
        if not fit:
            continue
        chosen = rng.choice(fit)
        taken.add(chosen.client.key)
        chosen.tale = tale
        _ACTS[tale](chosen, season)


def _tells(one: Appointment, tale: Tale) -> bool:
    """Return whether an appointment that is denied anyway tells that."""
    if tale not in _CARCS or not one.remitted or not one.remitted[0].carc:
        return False
    statuses = {note.status for note in one.notes}
    if tale in _DENIED:
        return not statuses and not one.answers and len(one.remitted) == 1
    appealed = BillingStatus.APPEALING in statuses
    if tale is Tale.APPEALED:
        return appealed and len(one.remitted) == 1
    return len(one.remitted) > 1 and appealed is (tale is Tale.WON)


def _fits(one: Appointment, tale: Tale) -> bool:
    client = one.client
    if len(one.remitted) != 1 or not takes_files(one.payer):
        return False
    first = one.remitted[0]
    if first.carc or first.short:
        return False
    if tale in _DENIED:
        return True
    plain = first.patient == one.share and len(one.lines) == 1 and client.story is None
    if not plain or one.payer is None or one.payer == cast.SECONDARY:
        return False
    if cast.allowed(one.payer, one.fee) - one.share < 2 * _MORE:
        return False
    if tale in _OF_LARGE_PAYERS:
        return one.payer in _LARGE
    if tale is Tale.PASSED_ON:
        return client.secondary is None and client.guarantor is None and not client.lapsed
    return True


def _deny(one: Appointment) -> Said:
    paid = one.remitted[0]
    assert one.tale is not None
    one.remitted = [Said(paid.day, carc=_CARCS[one.tale])]
    return paid


def _mended(one: Appointment, season: Season) -> None:
    paid = _deny(one)
    again = workday(paid.day + timedelta(days=5))
    one.notes = [
        DeskNote(workday(paid.day + timedelta(days=3)), BillingStatus.READY_TO_BILL, "Corrected"),
        DeskNote(again, BillingStatus.SUBMITTED, "Corrected claim sent"),
    ]
    _later(one, paid, season, 9)


def _won(one: Appointment, season: Season) -> None:
    paid = _deny(one)
    _appeal(one, "Appeal sent with the authorization letter")
    _later(one, paid, season, 20)


def _appealed(one: Appointment, _season: Season) -> None:
    _deny(one)
    _appeal(one, "Appeal sent: the two services were held an hour apart")


def _appeal(one: Appointment, words: str) -> None:
    day = workday(one.remitted[0].day + timedelta(days=4))
    one.notes = [DeskNote(day, BillingStatus.APPEALING, words)]


def _late(one: Appointment, _season: Season) -> None:
    _deny(one)


def _not_covered(one: Appointment, _season: Season) -> None:
    _deny(one)


def _carried(one: Appointment, season: Season) -> None:
    one.remitted.append(Said(season.readings[-4], carc="CO-27"))


def _recovered(one: Appointment, season: Season) -> None:
    one.remitted.append(Said(season.readings[-3], one.remitted[0].patient + _MORE))


def _to_recover(one: Appointment, season: Season) -> None:
    one.remitted.append(Said(season.readings[-2], one.remitted[0].patient + _MORE))


def _paid_twice(one: Appointment, season: Season) -> None:
    one.remitted.append(one.remitted[0]._replace(day=season.readings[-2]))


def _passed_on(one: Appointment, _season: Season) -> None:
    """Leave more to the client, which the second payer pays; the first passes the claim on."""
    said = one.remitted[0]
    one.remitted = [said._replace(patient=said.patient + _MORE)]


def _later(one: Appointment, paid: Said, season: Season, days: int) -> None:
    read = season.reading_on(paid.day + timedelta(days=days))
    if read is not None:
        one.remitted.append(paid._replace(day=read))


_ACTS: Final[dict[Tale, Callable[[Appointment, Season], None]]] = {
    Tale.MENDED: _mended,
    Tale.WON: _won,
    Tale.APPEALED: _appealed,
    Tale.LATE: _late,
    Tale.NOT_COVERED: _not_covered,
    Tale.CARRIED: _carried,
    Tale.RECOVERED: _recovered,
    Tale.TO_RECOVER: _to_recover,
    Tale.PAID_TWICE: _paid_twice,
    Tale.PASSED_ON: _passed_on,
}
