"""The fictional payers as they pay: what they answer in a week, and what they remember.

They know what they have said of each session, so that a correction takes the first answer back; and
what they paid too much, which they say they will take, and take from a later check.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.demo import cast
from fscdesk.services.demo.diary import Appointment, Said, Tale
from fscdesk.services.demo.era_answers import (
    DENIED,
    PASSED_ON,
    claim_of,
    second_answer,
    services_of,
)
from fscdesk.services.demo.era_odd import differing, stranger
from fscdesk.services.demo.era_writing import Beside, Check, SaidClaim, SaidService, total_of
from fscdesk.services.demo.insurers import CLAIMS
from fscdesk.services.demo.season import Season
from fscdesk.services.demo.tales import REVIEWED

BY_PAPER: Final = 7
"""This payer sends a paper check with its file; the others transfer."""
_INTEREST, _UNEXPLAINED, _OFF = -1_37, 45_00, 10_00


@dataclass(frozen=True, slots=True)
class Billed:
    """A session that a payer has on a claim, and what it says of it."""

    session_id: int
    one: Appointment
    said: Said
    content: ClaimContent


class _Due(NamedTuple):
    """What a payer takes from the first check that holds it, from a day on."""

    payer: int
    since: date
    beside: Beside


@dataclass(slots=True)
class _Week:
    """What one payer says in a week: services by claim, whole claims, what stands beside them."""

    services: dict[int, list[SaidService]] = field(default_factory=lambda: defaultdict(list))
    contents: dict[int, ClaimContent] = field(default_factory=dict)
    whole: list[SaidClaim] = field(default_factory=list)
    alone: list[SaidClaim] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)

    def claims(self) -> list[SaidClaim]:
        """Return its claims: what is corrected behind what is answered the first time."""
        firsts = [claim_of(self.contents[key], each) for key, each in self.services.items()]
        return [*firsts, *self.whole]


class Payers:
    """All of them together; asked once for each week, in the order of the weeks."""

    def __init__(self, season: Season) -> None:
        self._days = season.readings
        self._said: dict[int, SaidClaim] = {}
        self._due: list[_Due] = []
        self._passed: list[tuple[Appointment, SaidClaim]] = []

    def checks(
        self, on: date, billed: Sequence[Billed], shares: Mapping[int, int]
    ) -> tuple[Check, ...]:
        """Return the checks whose remittances are read on a day; ``shares`` by charge, in cents."""
        weeks: dict[int, _Week] = defaultdict(_Week)
        passed, self._passed = self._passed, []
        for each in billed:
            self._answer(each, weeks[each.one.payer or 0], shares, on)
        for one, first in passed:
            weeks[cast.SECONDARY].whole.append(_from_second_payer(one, first))
        found: list[Check] = []
        for payer in sorted(weeks):
            found += self._of_payer(payer, weeks[payer], on)
        if on == self._back(1):
            found = [_with_questions(one, on) for one in found]
        return tuple(self._odd(found, on))

    def _answer(self, each: Billed, week: _Week, shares: Mapping[int, int], on: date) -> None:
        one, content = each.one, each.content
        lowered = on >= self._back(3)
        services = services_of(content, each.session_id, one, each.said, shares, lowered=lowered)
        if not services:
            return
        new, before = claim_of(content, services), self._said.get(id(one))
        if new.status != DENIED:
            self._said[id(one)] = new
        if one.tale is Tale.PASSED_ON:
            facts = cast.PAYERS[cast.SECONDARY]
            new = replace(new, status=PASSED_ON, passed_on=(facts.name, facts.code))
            self._passed.append((one, new))
            week.whole.append(new)
        elif before is None:
            week.services[content.claim_id] += services
            week.contents[content.claim_id] = content
        elif one.tale is Tale.PAID_TWICE:
            week.whole.append(replace(new, payer_number=f"{new.payer_number}D"))
        elif one.tale is Tale.CARRIED:
            week.alone += [before.reversed(), new]
        else:
            week.whole += [before.reversed(), new]
            self._recover(one, before.paid - new.paid, new.payer_number, week, on)

    def _recover(self, one: Appointment, more: int, number: str, week: _Week, on: date) -> None:
        """Leave what was paid too much in this check; take it from a later one, or not yet."""
        if more <= 0 or one.tale not in (Tale.RECOVERED, Tale.TO_RECOVER):
            return
        week.beside.append(Beside("WO", number, -more))
        if one.tale is Tale.RECOVERED:
            later = on + timedelta(days=1)
            self._due.append(_Due(one.payer or 0, later, Beside("WO", number, more)))

    def _of_payer(self, payer: int, week: _Week, on: date) -> list[Check]:
        claims, beside = week.claims(), list(week.beside)
        for due in [one for one in self._due if one.payer == payer and one.since <= on]:
            if total_of(claims, beside) >= due.beside.cents:
                beside.append(due.beside)
                self._due.remove(due)
        found = [self._check(payer, claims, beside, on, 1)] if claims else []
        if week.alone:
            found.append(self._check(payer, week.alone, [], on, 2))
        return found

    def _check(
        self,
        payer: int,
        claims: Sequence[SaidClaim],
        beside: Sequence[Beside],
        on: date,
        number: int,
    ) -> Check:
        """Return a check; what is below zero is carried to the next one."""
        facts = cast.PAYERS[payer]
        paid_on = on - timedelta(days=1 + payer % 3)
        trace = f"{facts.code}{paid_on:%y%m%d}{number}"
        short = -total_of(claims, beside)
        carried = []
        if short > 0:
            carried = [Beside("FB", trace, -short)]
            later = on + timedelta(days=1)
            self._due.append(_Due(payer, later, Beside("FB", trace, short)))
        return Check(
            facts.name,
            facts.code,
            trace,
            paid_on,
            tuple(claims),
            (*beside, *carried),
            by_paper=payer == BY_PAPER,
        )

    def _odd(self, found: list[Check], on: date) -> list[Check]:
        """Return the checks with what each of the last weeks has of its own."""
        others = {cast.PAYERS[number].code for number in (REVIEWED, cast.SECONDARY)}
        plain = [
            at for at, one in enumerate(found) if one.payer_code not in others and one.cents > 0
        ]
        if not plain:
            return found
        large = max(plain, key=lambda at: (found[at].cents, -at))
        small = min(plain, key=lambda at: (len(found[at].beside), len(found[at].claims), at))
        if on == self._back(3):
            found[large] = replace(
                found[large], claims=(*found[large].claims, stranger(found[large].claims[0], on))
            )
        if on == self._back(2):
            found[large] = _beside(found[large], Beside("L6", "", _INTEREST))
            other = next(
                (at for at in plain if at != large and found[at].cents > _UNEXPLAINED), large
            )
            number = f"{found[other].payer_code}{on.year - 1}0417"
            found[other] = _beside(found[other], Beside("WO", number, _UNEXPLAINED))
        if on == self._back(1):
            found[small] = replace(found[small], off=_OFF)
        return found

    def _back(self, places: int) -> date:
        """Return the last reading, the one before, ….; the first where there are not as many."""
        return self._days[-min(places, len(self._days))]


def _with_questions(check: Check, on: date) -> Check:
    """Return what is looked at before it is posted, with something to see."""
    if check.payer_code != cast.PAYERS[REVIEWED].code:
        return check
    return replace(check, claims=(*differing(check.claims), stranger(check.claims[0], on)))


def _beside(check: Check, one: Beside) -> Check:
    return replace(check, beside=(*check.beside, one))


def _from_second_payer(one: Appointment, first: SaidClaim) -> SaidClaim:
    facts, claims = cast.PAYERS[cast.SECONDARY], CLAIMS[cast.SECONDARY]
    return second_answer(
        first,
        member_id=f"{facts.prefix}{one.client.card}",
        filing=claims.indicator,
        number=f"{facts.code}{first.number[-9:]}",
        keeps=one.share,
    )
