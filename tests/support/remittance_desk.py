"""Somebody who also reads what payers answer, post it, and takes it back, at random but by seed.

The payers answer the very claims that went to them, by 835: they pay, deny, ask the client, pass
on, take back and pay anew, carry a negative check forward, add interest, send a file again, and
send what is not ours or does not add up. Whatever was posted at once can be undone at once: then
every balance is as before, and as after when it is posted once more.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.recoupment import Recoupment, RecoupmentPair
from fscdesk.models.remittance import (
    Automation,
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceStatus,
)
from fscdesk.models.session import SessionStatusHistory
from fscdesk.models.values import ZERO
from fscdesk.services.errors import Problem
from fscdesk.services.jobs.running import run_job
from fscdesk.services.office import Office
from fscdesk.services.remittances import choosing, closing, recoupments
from fscdesk.services.remittances.detail import remittance_page
from fscdesk.services.remittances.foreseen_needs import needs_foreseen
from fscdesk.services.remittances.incoming import EraDone, apply_era, plan_era
from fscdesk.services.remittances.needs import Need, NeedKind, needs_of
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.claims_desk import ClaimsDesk
from tests.support.era_lines import EraClaim, EraPlb, EraService
from tests.support.eras import claim, era, plb, reversal_of, service
from tests.support.fail_at import whole_books
from tests.support.money_desk import WHY
from tests.support.payments import Till
from tests.support.remittance_lives import RemittanceLife

ERA_ACTS: Final = (
    *("payers_pay", "payers_change", "payers_err", "read_again", "post_era", "undo_era"),
    *("undo_era_claim", "put_aside", "pick_up", "match_anew", "go_on", "settle", "say_how"),
    "daily",
)
_STANDING: Final = (RemittanceStatus.POSTED, RemittanceStatus.PARTLY)


class RemittanceDesk(ClaimsDesk):
    """A desk that sends claims, and reads what comes back for them.

    ``said`` is what a payer said last of each claim, ``came`` all that each file said, by its
    name, ``forwarded`` what it carried forward, in cents, ``proven`` how often an undo was held
    against what stood before.
    """

    def __init__(self, books: Office, till: Till, rng: random.Random) -> None:
        super().__init__(books, till, rng)
        self.said: dict[int, EraClaim] = {}
        self.forwarded = Counter[int]()
        self.files: list[tuple[str, bytes]] = []
        self.came: dict[str, Sequence[EraClaim]] = {}
        self.proven = 0

    def acts(self) -> dict[str, Callable[[], Any]]:
        """Return everything that can happen at this desk, by name."""
        return super().acts() | {name: getattr(self, name) for name in ERA_ACTS}

    def payers_pay(self) -> None:
        """Let a payer answer up to three of its claims."""
        first = self._sent()
        sent = self.books.read(
            lambda work: work.db.scalars(
                select(Claim)
                .where(Claim.payer_id == first.payer_id, Claim.first_sent_on.is_not(None))
                .order_by(Claim.id)
            ).all()
        )
        others = [one for one in sent if one.id != first.id]
        some = [first, *self.rng.sample(others, min(len(others), self.rng.randint(0, 2)))]
        answers = [self._answer(one) for one in some]
        self._come(first.payer_id, answers)
        self.said.update(zip((one.id for one in some), answers, strict=True))

    def payers_change(self) -> None:
        """Let a payer take an answer back, mostly with another one instead of it."""
        if not self.said:
            raise Problem("No payer has said anything.", hint="Take another.")
        claim_id = self.rng.choice(sorted(self.said))
        one = self.books.read(lambda work: work.db.get_one(Claim, claim_id))
        claims = [reversal_of(self.said.pop(claim_id))]
        if self.rng.random() < 0.7:
            anew = self._answer(one)
            claims.insert(self.rng.randint(0, 1), anew)
            self.said[claim_id] = anew
        self._come(one.payer_id, claims)

    def payers_err(self) -> None:
        """Let a file come that is not ours, does not add up, is a test, or says another check."""
        one = self._sent()
        good = self._answer(one)
        stranger = claim("X-77", service(), patient=("ELSEWHERE", "ZED", "QQQ000111222"))
        kind = self.rng.choice(("stranger", "services", "check", "again", "advice", "below"))
        if kind == "stranger":
            self._come(one.payer_id, [stranger, good])
        elif kind == "services":
            off = claim(good.number, service(cas="CO45=30", paid="119"), patient=("A", "B"))
            self._come(one.payer_id, [off, good])
        elif kind == "check":
            self._come(one.payer_id, [good], amount=_plain(_cents(good.paid) + 1))
        elif kind == "again" and self.files:
            self._come(one.payer_id, [good], trace=f"T{self.rng.randint(1, len(self.files)):05d}")
        elif kind == "advice":
            self._come(one.payer_id, [self._answer(one, status="25")])
        else:
            self._come(one.payer_id, [stranger], plbs=[plb("72", "25", "REFUND")])

    def read_again(self) -> None:
        """Read a file that was read before: nothing changes."""
        if not self.files:
            raise Problem("No file has come.", hint="Take another.")
        name, data = self.rng.choice(self.files)
        before = self.books.read(whole_books)
        done = self.books.write(lambda work: apply_era(work, f"again-{name}", data)).value
        assert all(one.before is not None for one in done.plan.transactions)
        assert not any(done.posted)
        assert self.books.read(whole_books) == before

    def post_era(self) -> None:
        """Post what is left of a remittance, now and then over the program's doubts."""
        one = self._era((RemittanceStatus.TO_POST, RemittanceStatus.UNDONE, *_STANDING))
        agreed = range(1, 9) if self.rng.random() < 0.3 else ()
        self._post(one.id, agreed)

    def undo_era(self) -> None:
        """Undo a remittance."""
        one = self._era(_STANDING)
        self.books.write(
            lambda work: undo_remittance(work, one.id, WHY, expected_version=one.version)
        )

    def undo_era_claim(self) -> None:
        """Undo a claim of a remittance."""
        one = self._era_claim(Fate.POSTED)
        self.books.write(lambda work: undo_claim(work, one.id, WHY))

    def put_aside(self) -> None:
        """Set a claim of a remittance aside."""
        one = self._era_claim(Fate.UNPOSTED)
        self.books.write(lambda work: closing.set_aside(work, one.id, WHY))

    def pick_up(self) -> None:
        """Take a claim up that was set aside."""
        one = self._era_claim(Fate.CLOSED)
        self.books.write(lambda work: closing.take_up(work, one.id))

    def match_anew(self) -> None:
        """Look again whose claims a remittance is about."""
        one = self._pick(Remittance)
        self.books.write(lambda work: choosing.match_again(work, one.id))

    def go_on(self) -> None:
        """Let a stopped remittance go on."""
        one = self._era((RemittanceStatus.STOPPED,))
        self.books.write(lambda work: choosing.let_go_on(work, one.id, WHY))

    def settle(self) -> None:
        """Let two items of a payer settle each other, explain one, or take that apart."""
        by_hand = select(RecoupmentPair).where(
            RecoupmentPair.entry_id.is_not(None), RecoupmentPair.undone_at.is_(None)
        )
        if self.rng.random() < 0.3:
            done = self._one_of(by_hand.order_by(RecoupmentPair.id))
            self.books.write(lambda work: recoupments.unpair(work, done.id, WHY))
            return
        item = self._one_of(
            select(Recoupment).where(Recoupment.open != ZERO).order_by(Recoupment.id)
        )
        others = select(Recoupment).where(
            Recoupment.payer_id == item.payer_id,
            Recoupment.open < ZERO if item.open > ZERO else Recoupment.open > ZERO,
        )
        found = self.books.read(lambda work: work.db.scalars(others.order_by("id")).first())
        if found is not None:
            self.books.write(lambda work: recoupments.pair(work, item.id, found.id, WHY))
        else:
            self.books.write(lambda work: recoupments.explain(work, item.id, "7620", WHY))

    def say_how(self) -> None:
        """Say how much of a payer's remittances posts by itself."""
        one, how = self._pick(Payer), self.rng.choice(list(Automation))

        def act(work: Work) -> None:
            work.db.get_one(Payer, one.id).automation = how

        self.books.write(act)

    def daily(self) -> None:
        """Let the day's job keep the alerts, and look at a remittance."""
        self.books.write(lambda work: run_job(work, "alerts", again=True))
        one = self._pick(Remittance)
        self.books.read(lambda work: remittance_page(work, one.id))

    def _come(
        self,
        payer_id: int,
        claims: Sequence[EraClaim],
        *,
        plbs: Sequence[EraPlb] = (),
        trace: str = "",
        amount: str | None = None,
    ) -> None:
        """Let a file come, read it, and post it now or later; a check is never below zero."""
        payer = self.books.read(lambda work: work.db.get_one(Payer, payer_id))
        beside = [*plbs, *self._beside(payer_id, claims, plbs)]
        name = f"{len(self.files) + 1:05d}.835"
        text = era(
            *claims,
            plb=beside,
            trace=trace or f"T{len(self.files) + 1:05d}",
            amount=amount,
            payer=_folded(payer.name),
            payer_id=payer.payer_code,
            effective=f"{self._today():%Y%m%d}",
        )
        data = text.encode("ascii")
        self.files.append((name, data))
        self.came[name] = tuple(claims)
        clicked = self.rng.random() < 0.6
        foreseen = self.books.read(lambda work: needs_foreseen(work, plan_era(work, name, data)))
        done: EraDone = self.books.write(
            lambda work: apply_era(work, name, data, clicked=clicked)
        ).value
        if clicked and done.plan.transactions[0].before is None:
            left = self.books.read(lambda work: needs_of(work, done.kept))
            assert _work(foreseen[0]) == _work(left), "the plan foresees the work"
        if done.posted == (None,) and self.rng.random() < 0.7:
            self._post(done.kept[0])

    def _beside(
        self, payer_id: int, claims: Sequence[EraClaim], plbs: Sequence[EraPlb]
    ) -> list[EraPlb]:
        left = sum(_cents(one.paid) for one in claims)
        left -= sum(_cents(amount) for one in plbs for _, _, amount in one.pairs)
        made, held = [], self.forwarded[payer_id]
        if held and left >= held:
            code = self.rng.choice(("FB", "WO"))
            made.append(plb(code, _plain(held), f"F{payer_id}"))
            left, self.forwarded[payer_id] = left - held, 0
        if left < 0:
            made.append(plb("FB", _plain(left), f"F{payer_id}"))
            self.forwarded[payer_id] -= left
        elif self.rng.random() < 0.2:
            made.append(plb("L6", _plain(-self.rng.randint(1, 500))))
        elif left > 20_00 and self.rng.random() < 0.2:
            made.append(plb(self.rng.choice(("WO", "CS", "72")), "20", "W1"))
        return made

    def _post(self, remittance_id: int, agreed: Sequence[int] = ()) -> None:
        by_hand = self.books.read(_set_by_hand)
        before = self.books.read(RemittanceLife.stand)
        status = self._status(remittance_id)
        self.books.write(lambda work: post_remittance(work, remittance_id, agreed=agreed))
        if status in _STANDING or self.rng.random() < 0.5:
            return
        after = self.books.read(RemittanceLife.stand)
        self.books.write(lambda work: undo_remittance(work, remittance_id, WHY))
        _same(before, self.books.read(RemittanceLife.stand), but=by_hand)
        self.proven += 1
        if self.rng.random() < 0.7:
            self.books.write(lambda work: post_remittance(work, remittance_id, agreed=agreed))
            _same(after, self.books.read(RemittanceLife.stand))

    def _status(self, remittance_id: int) -> RemittanceStatus:
        return self.books.read(lambda work: work.db.get_one(Remittance, remittance_id).status)

    def _era(self, statuses: Sequence[RemittanceStatus]) -> Any:
        return self._one_of(
            select(Remittance).where(Remittance.status.in_(statuses)).order_by(Remittance.id)
        )

    def _era_claim(self, fate: Fate) -> Any:
        return self._one_of(select(RemittanceClaim).filter_by(fate=fate).order_by("id"))

    def _answer(self, one: Claim, *, status: str = "") -> EraClaim:
        """Answer a claim as it was sent, each line in the same mood."""

        def look(work: Work) -> tuple[str, str, list[ClaimLine]]:
            lines = work.db.scalars(
                select(ClaimLine).filter_by(claim_id=one.id).order_by(ClaimLine.position)
            )
            policy = None if one.policy_id is None else work.db.get(Policy, one.policy_id)
            name = work.db.get_one(Patient, one.patient_id).name
            return name, policy.member_id if policy else "", list(lines)

        name, member, lines = self.books.read(look)
        first, _, last = _folded(name).partition(" ")
        kind = self.rng.choice(("pays",) * 5 + ("denies", "asks", "passes_on", "nothing", "more"))
        usual = {"denies": "4", "passes_on": "19"}.get(kind, str(one.rank))
        return claim(
            one.number.replace("-", ""),
            *(self._service(each, kind) for each in lines),
            status=status or usual,
            patient=(last, first, member),
            crossover=("SECOND PAYER", "99909") if kind == "passes_on" else (),
            payer_number=f"ICN{self.rng.randint(1, 99_999):05d}",
        )

    def _service(self, line: ClaimLine, kind: str) -> EraService:
        whole = line.amount.cents
        share = self.rng.choice((0, 0, 15_00, 30_00))
        off = self.rng.choice((0, 1, 20_00, whole // 3))
        denied = self.rng.choice((0, 0, 0, 10_00))
        cas = [("CO", "45", off), ("PR", self.rng.choice("23"), share), ("CO", "97", denied)]
        if kind == "denies":
            cas = [("CO", "197", whole)]
        elif kind == "asks":
            cas = [("CO", "45", off), ("PR", "1", whole - off)]
        elif kind == "nothing":
            cas = [("CO", "45", whole)]
        elif kind == "more":
            cas = [("OA", "94", -5_00)]
        return service(
            line.code,
            _plain(whole),
            cas=" ".join(f"{group}{carc}={_plain(cents)}" for group, carc, cents in cas if cents),
            line_id=str(line.id) if self.rng.random() < 0.7 else "",
            day=f"{line.service_day:%Y%m%d}",
            modifiers=line.modifiers.split(),
        )


def _set_by_hand(work: Work) -> set[int]:
    """Return the sessions whose status a person has said: an answer, also undone, ends that."""
    newest = dict[int, str]()
    rows = select(SessionStatusHistory.session_id, SessionStatusHistory.reason)
    for session_id, reason in work.db.execute(rows.order_by(SessionStatusHistory.id)):
        newest[session_id] = reason
    return {session_id for session_id, reason in newest.items() if reason == WHY}


def _same(before: list[object], now: list[object], but: Collection[int] = ()) -> None:
    def counts(one: object) -> bool:
        return not (isinstance(one, tuple) and len(one) == 2 and one[0] in but)

    was = [one for one in before if one not in now and counts(one)]
    odd = [one for one in now if one not in before and counts(one)]
    assert (was, odd) == ([], []), f"stood {was}, stands {odd}"


def _work(found: Sequence[Need]) -> list[tuple[object, ...]]:
    """Return what is to do, without the numbers that only posting gives."""
    explain = NeedKind.TO_EXPLAIN
    return sorted(
        (one.kind, "" if one.kind is explain else one.about, one.words, one.amount) for one in found
    )


def _folded(text: str) -> str:
    """A text as payers write it: capital letters of ASCII."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    return plain.decode("ascii").upper()


def _plain(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _cents(amount: str) -> int:
    whole, _, part = amount.partition(".")
    return int(f"{whole}{part:0<2}")
