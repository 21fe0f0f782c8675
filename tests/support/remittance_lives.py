"""Remittances come, are taken back, undone and posted again at random: one step after the other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.recoupment import Recoupment, RecoupmentPair
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    Cas,
    Plb,
    cas_of,
)
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import explain, pair, unpair
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.payments import Till
from tests.support.remittances_made import claim, kept, line, remittance

WHY = "It came out otherwise"
FEE = 160_00
_REASONS = ("WO", "FB", "L6", "50", "72", "CS", "CT")


@dataclass
class RemittanceLife:
    """A payer that answers as payers do; ``done`` counts what was done, ``refused`` what not."""

    books: Office
    till: Till
    rng: random.Random
    charges: list[int]
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    traces: int = 0

    def step(self) -> str:
        """Do one thing, and return what."""
        acts: dict[str, tuple[int, Callable[[], None]]] = {
            "answer": (5, self._answer),
            "take back": (4, self._back),
            "undo": (2, self._undo),
            "undo a claim": (2, self._undo_claim),
            "post again": (2, self._again),
            "settle": (1, self._settle),
        }
        weights = [weight for weight, _ in acts.values()]
        (what,) = self.rng.choices(list(acts), weights)
        try:
            acts[what][1]()
        except Problem as problem:
            self.refused[f"{what}: {problem.message}"] += 1
        else:
            self.done[what] += 1
        return what

    def _answer(self) -> None:
        picked = self.rng.sample(self.charges, self.rng.randint(1, 3))
        claims = [self._claim(at, one) for at, one in enumerate(picked, start=1)]
        if self.rng.random() < 0.2:
            claims.insert(self.rng.randint(0, len(claims)), _reversed(claims[0]))
        self._post(claims)

    def _claim(self, at: int, charge_id: int) -> AnsweredClaim:
        kind = self.rng.random()
        number = f"ICN{self.rng.randint(1, 9999)}"
        if kind < 0.15:
            return claim(at, line(None, 75_00), payer_number=number)
        if kind < 0.3:
            denied = line(charge_id, 0, Cas("CO", "197", FEE))
            return claim(at, denied, status="4", payer_number=number)
        paid = self.rng.randint(0, 130) * 100
        mine = min(self.rng.choice((0, 20_00, 30_00, 50_00)), FEE - paid)
        off = FEE - paid - mine
        cas = [Cas("CO", "45", off)] if off else []
        cas += [Cas("PR", self.rng.choice("123"), mine)] if mine else []
        return claim(at, line(charge_id, paid, *cas), payer_number=number)

    def _back(self) -> None:
        """Take one or two answers back, mostly with what is paid instead."""
        found = self.books.read(self._standing_lines)
        if not found:
            return
        picked = self.rng.sample(found, min(len(found), self.rng.randint(1, 2)))
        claims = [
            claim(at, one, status="22", payer_number=number)
            for at, (number, one) in enumerate(picked, start=1)
        ]
        if self.rng.random() < 0.5:
            own = picked[0][1].charge_id or 0
            claims.insert(0, self._claim(8, own))
        if self.rng.random() < 0.3:
            claims.append(claim(9, line(None, 150_00), payer_number="STRANGE"))
        self._post(claims)

    def _post(self, claims: list[AnsweredClaim]) -> None:
        """Keep and post; a check below zero is carried forward, as payers do."""
        self.traces += 1
        plbs = [
            Plb(at, self.rng.choice(_REASONS), f"REF{self.rng.randint(1, 3)}", cents)
            for at in range(1, self.rng.choice((1, 1, 2, 4)))
            if (cents := self.rng.choice((-60_00, -25_00, 10_00, 25_00, 60_00)))
        ]
        made = [_with_position(one, at) for at, one in enumerate(claims, start=1)]
        left = sum(one.paid for one in made) - sum(one.cents for one in plbs)
        if left < 0:
            plbs.append(Plb(len(plbs) + 1, "FB", "", left))
        said = remittance(self.till.payer, *made, trace=f"EFT{self.traces:05d}", plbs=plbs)
        one = self.books.write(lambda work: kept(work, said)).value
        before = self.books.read(self.stand)
        held = self.rng.random() < 0.3 and self._held(one, made)
        self.books.write(lambda work: post_remittance(work, one))
        if self.rng.random() < 0.4:
            after = self.books.read(self.stand)
            self.books.write(lambda work: undo_remittance(work, one, WHY))
            assert self.books.read(self.stand) == before
            self.books.write(lambda work: post_remittance(work, one))
            # What was posted in parts may stand otherwise when it posts at once.
            assert held or self.books.read(self.stand) == after

    def _held(self, remittance_id: int, claims: list[AnsweredClaim]) -> bool:
        """Post some claims, and leave the others for later; return whether that could be."""
        some = self.rng.sample(claims, self.rng.randint(1, len(claims)))
        positions = [one.position for one in some]
        try:
            self.books.write(lambda work: post_remittance(work, remittance_id, positions=positions))
        except Problem as problem:
            self.refused[f"hold: {problem.message}"] += 1
            return False
        self.done["hold"] += 1
        return True

    def _undo(self) -> None:
        one = self._some((RemittanceStatus.POSTED, RemittanceStatus.PARTLY))
        if one is not None:
            self.books.write(lambda work: undo_remittance(work, one, WHY))

    def _undo_claim(self) -> None:
        found = select(RemittanceClaim.id).where(RemittanceClaim.fate == Fate.POSTED)
        ids = self.books.read(lambda work: list(work.db.scalars(found)))
        if ids:
            one = self.rng.choice(sorted(ids))
            self.books.write(lambda work: undo_claim(work, one, WHY))

    def _again(self) -> None:
        one = self._some((RemittanceStatus.UNDONE, RemittanceStatus.PARTLY))
        if one is not None:
            self.books.write(lambda work: post_remittance(work, one))

    def _settle(self) -> None:
        pairs = select(RecoupmentPair.id).where(
            RecoupmentPair.entry_id.is_not(None), RecoupmentPair.undone_at.is_(None)
        )
        by_hand = self.books.read(lambda work: list(work.db.scalars(pairs)))
        if by_hand and self.rng.random() < 0.3:
            self.books.write(lambda work: unpair(work, by_hand[0], WHY))
            return
        opened = select(Recoupment.id, Recoupment.open).where(Recoupment.open != ZERO)
        rows = self.books.read(lambda work: work.db.execute(opened.order_by("id")).all())
        taken = [row.id for row in rows if row.open > ZERO]
        told = [row.id for row in rows if row.open < ZERO]
        if taken and told:
            self.books.write(lambda work: pair(work, taken[0], told[-1], WHY))
        elif rows:
            self.books.write(lambda work: explain(work, rows[0].id, "7620", WHY, amount=Money(1)))

    def _some(self, statuses: tuple[RemittanceStatus, ...]) -> int | None:
        found = select(Remittance.id).where(Remittance.status.in_(statuses))
        ids = self.books.read(lambda work: list(work.db.scalars(found)))
        return self.rng.choice(sorted(ids)) if ids else None

    def _standing_lines(self, work: Work) -> list[tuple[str, AnsweredLine]]:
        """What was answered with money and not taken back, as its reversal says it."""
        back = select(RemittanceLine.reverses_id).where(
            RemittanceLine.reverses_id.is_not(None), RemittanceLine.fate == Fate.POSTED
        )
        rows = work.db.execute(
            select(RemittanceLine, RemittanceClaim.payer_number)
            .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
            .where(
                RemittanceLine.fate == Fate.POSTED,
                RemittanceLine.charge > ZERO,
                RemittanceLine.id.not_in(back),
            )
            .order_by(RemittanceLine.id)
        )
        return [
            (
                number,
                line(
                    row.charge_id,
                    -row.paid.cents,
                    *(one._replace(cents=-one.cents) for one in cas_of(row.adjustments)),
                    charge=-row.charge.cents,
                ),
            )
            for row, number in rows
        ]

    @staticmethod
    def stand(work: Work) -> list[object]:
        """Every account, charge, session, and what is open of items."""
        sums = work.db.execute(
            select(JournalLine.account, func.sum(JournalLine.amount))
            .group_by(JournalLine.account)
            .order_by(JournalLine.account)
        )
        found: list[object] = [(code, total.cents) for code, total in sums if total.cents]
        found += [
            (one.id, one.insurance_balance, one.patient_balance)
            for one in work.db.scalars(select(Charge).order_by(Charge.id))
        ]
        found += [
            (one.id, one.billing_status)
            for one in work.db.scalars(select(Session).order_by(Session.id))
        ]
        found += [
            (one.id, one.open)
            for one in work.db.scalars(select(Recoupment).order_by(Recoupment.id))
            if one.open
        ]
        return found


def _reversed(one: AnsweredClaim) -> AnsweredClaim:
    """Return the reversal of a claim, as its payer says it."""
    said = one.lines[0]
    cas = (each._replace(cents=-each.cents) for each in said.cas)
    back = line(said.charge_id, -said.paid, *cas, charge=-said.charge)
    return claim(1, back, status="22", payer_number=one.payer_number)


def _with_position(one: AnsweredClaim, at: int) -> AnsweredClaim:
    why = Unposted.NOT_OURS if one.lines[0].charge_id is None else None
    return replace(one, position=at, number=f"CLM{at:05d}", why=why, words="It is not ours.")
