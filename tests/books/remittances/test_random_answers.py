"""Random weeks of answers, reversals and corrections: the books balance, back to the cent."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

import pytest

from fscdesk.models.remittance import Fate
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredClaim, Cas, Plb
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.people import add_payer
from tests.support.remittance_acts import fund, insure, looked_at, owed, post
from tests.support.remittances_made import claim, line, remittance

CHARGE = 160_00


@dataclass
class Payer:
    """A payer with moods: what it said of each charge, and what it still wants back."""

    rng: random.Random
    charges: tuple[int, ...]
    said: dict[int, AnsweredClaim] = field(default_factory=dict)
    carried: int = 0
    made: int = 0

    def week(self) -> tuple[list[AnsweredClaim], list[Plb]]:
        """Return a check: never below zero; what is missing is carried forward."""
        claims: list[AnsweredClaim] = []
        for charge in self.charges:
            before = self.said.get(charge)
            if before is None:
                if self.rng.random() < 0.7:
                    claims.append(self._answer(charge))
            elif self.rng.random() < 0.6:
                claims.append(self._taken_back(charge, before))
                if self.rng.random() < 0.6:
                    claims.append(self._answer(charge))
        self.rng.shuffle(claims)
        claims = [replace(one, position=at) for at, one in enumerate(claims, start=1)]
        total, plbs = sum(one.paid for one in claims), []
        if self.carried and total >= self.carried:
            plbs.append(Plb(1, "FB", "CARRIED", self.carried))
            total, self.carried = total - self.carried, 0
        if total < 0:
            plbs.append(Plb(1, "FB", "CARRIED", total))
            self.carried -= total
        if self.rng.random() < 0.3:
            plbs.append(Plb(2, "L6", "", -self.rng.randrange(1, 5_00)))
        return claims, plbs

    def _answer(self, charge: int) -> AnsweredClaim:
        self.made += 1
        contract = self.rng.choice([0, 30_00, 30_01])
        copay, denied = self.rng.choice([0, 20_00, 33_33]), self.rng.choice([0, 0, 40_00])
        found = [Cas("CO", "45", contract), Cas("PR", "1", copay), Cas("CO", "97", denied)]
        said = tuple(one for one in found if one.cents)
        paid = CHARGE - contract - copay - denied
        name = f"ICN{self.made}"
        self.said[charge] = claim(1, line(charge, paid, *said), payer_number=name)
        return self.said[charge]

    def _taken_back(self, charge: int, before: AnsweredClaim) -> AnsweredClaim:
        del self.said[charge]
        (first,) = before.lines
        opposite = tuple(one._replace(cents=-one.cents) for one in first.cas)
        negative = line(charge, -first.paid, *opposite, charge=-CHARGE)
        return claim(1, negative, status="22", payer_number=before.payer_number)


def second_payer(work: Work, till: Till) -> None:
    """Let another payer stand behind the first one."""
    insure(work, till.alma, till.payer, 1)
    insure(work, till.alma, add_payer(work, "Example West", code="99902"), 2)


@pytest.mark.parametrize("seed", range(6))
def test_weeks_of_answers_balance_and_go_back_to_the_cent(
    books: Office, till: Till, seed: int
) -> None:
    start = {one: owed(books, one) for one in till.copays}
    if seed % 2:  # a second payer waits behind this one: nothing of it is the client's
        books.write(lambda work: second_payer(work, till))
    payer = Payer(random.Random(seed), till.copays)
    received = 0
    for week in range(5):
        claims, plbs = payer.week()
        if not claims:
            continue
        one = remittance(till.payer, *claims, trace=f"EFT{week}", plbs=plbs)
        received += one.amount
        found = looked_at(books, one)
        assert [each.why for each in found.claims] == [None] * len(claims), found.claims
        assert {each.fate for each in found.claims} == {Fate.POSTED}
        new = post(books, one)
        assert fund(books, new) == 0
        for charge in till.copays:
            if charge not in payer.said:
                assert owed(books, charge) == start[charge]
            else:
                (said,) = payer.said[charge].lines
                by = {one.code: one.cents for one in said.cas}
                share = by.get("PR-1", 0)
                client = min(share, 30_00) if seed % 2 else share
                left = by.get("CO-97", 0) + share - client
                assert owed(books, charge) == (left, client)
    verify(books)
    assert books.read(lambda work: cents(work, "1050")) == received
    assert books.read(lambda work: cents(work, "2410")) == -payer.carried
