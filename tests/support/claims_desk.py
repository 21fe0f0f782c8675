"""Somebody who also sends the claims, at random but by seed: build, send, read answers, correct.

What comes back from outside (999, 277CA) is made by this desk from the files that went, by the
demo's clearinghouse: it names exactly what was sent, takes some and sends some back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.claim import Appeal, Claim, ClaimFinding, ClaimStatus, Severity
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, Route
from fscdesk.models.coverage import Authorization, Policy
from fscdesk.models.patient import Diagnosis, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.values import ZERO
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.claims import (
    acknowledging,
    answers,
    appealing,
    building,
    correcting,
    crossing,
    editing,
    policies,
    scrubbing,
    sending,
    undoing,
)
from fscdesk.services.claims.lifecycle import set_claim_status
from fscdesk.services.claims.secondary import ANSWERED
from fscdesk.services.demo.clearinghouse import Refusal, acknowledge, answer_claims
from fscdesk.services.errors import Problem
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.setup.settings import change_setting, setting
from fscdesk.services.work import Work
from tests.support.billing_desk import BillingDesk
from tests.support.claims import NPI_OF_MOCK, NPI_OF_PRACTICE
from tests.support.money_desk import WHY

CLAIM_ACTS: Final = (
    *("build", "scrub", "drop", "hold", "release", "edit", "accept", "send_claims", "read_999"),
    *("read_277", "look_up", "correct_claim", "void_claim", "resend", "undo_batch", "appeal"),
    *("end_appeal", "second_payer", "cross_over", "move_claim", "undo_build"),
)
_NO_MEMBER: Final = Refusal("A7", "164", "No such member")
_ADDRESS: Final = {"address1": "102 Nowhere Lane", "city": "Sampleville", "state": "NJ"}


class ClaimsDesk(BillingDesk):
    """A billing desk that sends claims as well."""

    built: building.Built | None = None

    def acts(self) -> dict[str, Callable[[], Any]]:
        """Return everything that can happen at this desk, by name."""
        return super().acts() | {name: getattr(self, name) for name in CLAIM_ACTS}

    def build(self) -> None:
        """Let some sessions be ready, and build the claims of all that is."""
        self.books.write(complete)
        open_ones = (
            select(Session.id)
            .where(
                Session.withdrawn_by.is_(None),
                Session.insurance_balance > ZERO,
                Session.attendance == Attendance.COMPLETED,
                Session.billing_status.in_(
                    (BillingStatus.COMPLETED, BillingStatus.DOCUMENTED, BillingStatus.SUBMITTED)
                ),
            )
            .order_by(Session.id)
        )
        found = self.books.read(lambda work: list(work.db.scalars(open_ones)))
        some = sorted(self.rng.sample(found, min(len(found), self.rng.randint(1, 6))))

        def act(work: Work) -> building.Built:
            change_billing_status(work, some, BillingStatus.READY_TO_BILL, reason=WHY)
            return building.build_claims(work, building.plan_claims(work))

        self.built = self.books.write(act).value

    def undo_build(self) -> None:
        """Take the last building back."""
        built = self.built
        if built is None:
            raise Problem("Nothing was built.", hint="Take another.")
        self.books.write(lambda work: building.undo_build(work, built))

    def scrub(self) -> None:
        """Check every claim that waits."""
        waiting = select(Claim.id).where(Claim.status.in_(UNSENT)).order_by(Claim.id)
        self.books.write(lambda work: scrubbing.scrub_claims(work, list(work.db.scalars(waiting))))

    def drop(self) -> None:
        """Drop a claim."""
        one = self._claim()
        self.books.write(lambda work: building.drop_claims(work, [one.id], WHY))

    def hold(self) -> None:
        """Hold a claim back."""
        one = self._claim(UNSENT)
        self.books.write(
            lambda work: editing.hold_claim(work, one.id, WHY, expected_version=one.version)
        )

    def release(self) -> None:
        """Let a claim that was held go on."""
        one = self._one_of(select(Claim).where(Claim.held_for != "").order_by(Claim.id))
        self.books.write(
            lambda work: editing.release_claim(work, one.id, expected_version=one.version)
        )

    def edit(self) -> None:
        """Change the note and the modifiers of a claim."""
        one = self._claim(UNSENT | {ClaimStatus.REJECTED})

        def act(work: Work) -> None:
            now = editing.edits_of(work, one.id)
            line = self.rng.choice(sorted(now.lines))
            new = replace(now.with_line(line, modifiers=("59",)), note=f"Number {line}")
            editing.edit_claim(work, one.id, new, expected_version=one.version)

        self.books.write(act)

    def accept(self) -> None:
        """Accept a warning."""
        one = self._one_of(
            select(ClaimFinding).filter_by(severity=Severity.WARNS).order_by(ClaimFinding.id)
        )
        self.books.write(
            lambda work: scrubbing.accept_warning(work, one.claim_id, one.rule, one.line)
        )

    def send_claims(self) -> None:
        """Send what can go: all of it, or one claim."""
        only = [self._claim().id] if self.rng.random() < 0.3 else None

        def act(work: Work) -> None:
            sending.send_claims(work, sending.plan_batch(work, only))

        self.books.write(act)

    def undo_batch(self) -> None:
        """Take a batch back."""
        one = self._pick(ClaimBatch)
        self.books.write(lambda work: undoing.undo_batch(work, one.id, WHY))

    def read_999(self) -> None:
        """Read the 999 of a file; now and then it refuses the file."""
        one = self._file()
        text = acknowledge(_text(one), self._now())
        if self.rng.random() < 0.25:
            text = text.replace("IK5*A~", "IK5*R*5~").replace("AK9*A*", "AK9*R*")
        self._read(f"{one.number}.999", text)

    def read_277(self) -> None:
        """Read what became of each claim of a file."""
        one = self._file()
        numbers = self.books.read(
            lambda work: work.db.scalars(
                select(Claim.number)
                .join(ClaimSending, ClaimSending.claim_id == Claim.id)
                .where(ClaimSending.batch_id == one.id)
                .order_by(Claim.id)
            ).all()
        )
        back = [number.replace("-", "") for number in numbers if self.rng.random() < 0.3]
        text = answer_claims(_text(one), dict.fromkeys(back, _NO_MEMBER), self._now())
        self._read(f"{one.number}.277", text)

    def look_up(self) -> None:
        """Note what a payer's portal says of a claim."""
        one, today = self._sent(), self._today()
        status = self.rng.choice(
            (
                *(ClaimStatus.DENIED, ClaimStatus.DENIED, ClaimStatus.PAID, ClaimStatus.PENDING),
                *(ClaimStatus.ACCEPTED, ClaimStatus.REJECTED, ClaimStatus.PARTIALLY_PAID),
            )
        )
        denied = status in (ClaimStatus.DENIED, ClaimStatus.PARTIALLY_PAID)
        said = answers.PayersAnswer(
            status,
            today,
            carc=self.rng.choice(("16", "197", "50")) if denied else "",
            reason=WHY,
            payer_number=self.rng.choice(("", f"ICN{one.id}")),
            denied_lines=(1,) if status is ClaimStatus.PARTIALLY_PAID else (),
        )
        self.books.write(
            lambda work: answers.record_answer(work, one.id, said, expected_version=one.version)
        )
        if denied and self.rng.random() < 0.4:
            self.appeal()

    def correct_claim(self) -> None:
        """Correct a claim at its payer, under its number or as an original."""
        one, original = self._sent(), self.rng.random() < 0.3
        self.books.write(
            lambda work: correcting.correct_claim(
                work, one.id, expected_version=one.version, as_original=original
            )
        )

    def void_claim(self) -> None:
        """Take a claim back at its payer."""
        one = self._sent()
        self.books.write(
            lambda work: correcting.void_claim(work, one.id, WHY, expected_version=one.version)
        )

    def resend(self) -> None:
        """Let a rejected claim go again."""
        one = self._claim({ClaimStatus.REJECTED})
        self.books.write(lambda work: correcting.resend_rejected(work, {one.id: one.version}))

    def appeal(self) -> None:
        """Argue with a denial, and send the letter mostly."""
        one, sent = self._claim(appealing.APPEALABLE), self.rng.random() < 0.8

        def act(work: Work) -> None:
            new = appealing.NewAppeal("It is on file.", work.today() + timedelta(days=20))
            made = appealing.open_appeal(work, one.id, new, expected_version=one.version)
            if sent:
                appealing.mark_appeal_sent(work, made, work.today(), expected_version=1)

        self.books.write(act)

    def end_appeal(self) -> None:
        """Note how an appeal ended."""
        one, today = self._one_of(select(Appeal).filter_by(outcome="")), self._today()
        outcome = self.rng.choice(list(appealing.Outcome))
        self.books.write(
            lambda work: appealing.close_appeal(
                work, one.id, outcome, today, expected_version=one.version
            )
        )

    def second_payer(self) -> None:
        """Bill the second payer of a claim that the first one has answered."""
        one = self._claim(ANSWERED)

        def act(work: Work) -> None:
            _insure_twice(work, one)
            building.build_claims(work, building.plan_secondary(work))

        self.books.write(act)

    def cross_over(self) -> None:
        """Note that the first payer passed a claim on by itself."""
        one, today = self._one_of(select(Claim).filter_by(rank=2).order_by(Claim.id)), self._today()
        self.books.write(
            lambda work: crossing.mark_crossed_over(
                work, one.id, today, expected_version=one.version
            )
        )

    def move_claim(self) -> None:
        """Say by hand where a claim stands."""
        one, new = self._claim(), self.rng.choice(list(ClaimStatus))
        self.books.write(lambda work: set_claim_status(work, {one.id: one.status}, new, reason=WHY))

    def _claim(self, statuses: Collection[ClaimStatus] | None = None) -> Any:
        query = select(Claim).order_by(Claim.id)
        if statuses is not None:
            query = query.where(Claim.status.in_(statuses))
        elif self.rng.random() < 0.9:
            query = query.where(Claim.status.not_in(FALLEN))
        return self._one_of(query)

    def _sent(self) -> Any:
        return self._claim(set(ClaimStatus) - UNSENT - FALLEN - {ClaimStatus.REJECTED})

    def _file(self) -> Any:
        """Return a batch that went by file, mostly one that stands."""
        query = select(ClaimBatch).filter_by(route=Route.ELECTRONIC).order_by(ClaimBatch.id)
        if self.rng.random() < 0.9:
            query = query.where(ClaimBatch.state != BatchState.UNDONE)
        return self._one_of(query)

    def _read(self, name: str, text: str) -> None:
        data = text.encode("ascii")
        self.books.write(
            lambda work: acknowledging.apply_acknowledgment(
                work, acknowledging.plan_acknowledgment(work, name, data)
            )
        )

    def _now(self) -> datetime:
        return self.books.read(lambda work: work.now().astimezone(work.zone).replace(tzinfo=None))


def _insure_twice(work: Work, claim: Claim) -> None:
    """Give the client of a claim a second policy, where there is none."""
    rank_two = select(Policy.id).filter_by(patient_id=claim.patient_id, rank=2)
    other = select(Payer.id).where(Payer.id != claim.payer_id).order_by(Payer.id)
    payer = work.db.scalars(other).first()
    if payer is not None and work.db.scalars(rank_two).first() is None:
        work.db.add(
            Policy(
                patient_id=claim.patient_id,
                payer_id=payer,
                rank=2,
                member_id=f"SEC{claim.patient_id:06d}",
                valid_from=claim.first_day - timedelta(days=400),
            )
        )
        work.db.flush()


def _text(batch: ClaimBatch) -> str:
    return bytes(batch.content or b"").decode("ascii")


def open_clearinghouse(work: Work) -> None:
    """Write what claims need of a practice; the first payer goes by file, the second by portal."""
    practice = work.db.get_one(Practice, 1)
    practice.npi, practice.tax_id, practice.taxonomy = NPI_OF_PRACTICE, "22-1234567", "101YM0800X"
    practice.zip_code, practice.phone = "07000-4321", "201-555-0100"
    for key, value in (
        (policies.SUBMITTER_ID, "SPRINGS01"),
        (policies.RECEIVER_ID, "MADEUPHOUSE"),
        (policies.RECEIVER_NAME, "Made-up Clearinghouse"),
        (policies.DEFAULT_PLACE, "11"),
    ):
        change_setting(work, key, value, seen=setting(work, key))


def complete(work: Work) -> None:
    """Complete whom the imports have brought: clinicians, payers, clients and their policies."""
    for at, one in enumerate(work.db.scalars(select(Provider).order_by(Provider.id))):
        if not one.npi:
            one.npi, one.taxonomy = NPI_OF_MOCK, "101YM0800X"
            one.credentials = ("LCSW", "LPC", "PhD")[at % 3]
    for at, payer in enumerate(work.db.scalars(select(Payer).order_by(Payer.id))):
        payer.route = (Route.ELECTRONIC, Route.PORTAL, Route.PAPER)[at % 3]
    for patient in work.db.scalars(select(Patient).order_by(Patient.id)):
        if not patient.sex:
            patient.sex, patient.birth_date = "U", patient.birth_date or date(1980, 5, 1)
            patient.address1, patient.city = _ADDRESS["address1"], _ADDRESS["city"]
            patient.state, patient.zip_code = _ADDRESS["state"], "07002"
            first = work.db.scalar(
                select(Session.day).filter_by(patient_id=patient.id).order_by(Session.day).limit(1)
            )
            since = (first or work.today()) - timedelta(days=400)
            work.db.add(
                Diagnosis(patient_id=patient.id, position=1, code="F41.1", valid_from=since)
            )
    for policy in work.db.scalars(select(Policy).order_by(Policy.id)):
        if not policy.member_id:
            policy.member_id = f"MEM{policy.id:06d}"
            work.db.add(
                Authorization(
                    patient_id=policy.patient_id,
                    payer_id=policy.payer_id,
                    number=f"AU-{policy.id}",
                    granted=4,
                    valid_from=policy.valid_from - timedelta(days=400),
                    valid_to=work.today() + timedelta(days=400),
                )
            )
    work.db.flush()
