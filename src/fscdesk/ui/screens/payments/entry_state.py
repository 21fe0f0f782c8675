"""A payment while it is entered: its lines, its sums, and what would be posted. Pure.

The widgets read from it and paint; nothing here knows a widget or asks a service.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.entering import Entry, EntryRules, Source
from fscdesk.services.payments.sharing import in_full, oldest_first, proposed
from fscdesk.services.remittances.typed_eobs import EobLine
from fscdesk.ui.screens.payments.entry_cell import Answer
from fscdesk.ui.screens.payments.entry_lines import Claim, Line, claims_of, next_claim
from fscdesk.ui.text import money_text


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of the journal entry as it is shown: account, debit or credit."""

    account: str
    name: str
    debit: Money = ZERO
    credit: Money = ZERO


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What stands in the head: None where nothing, or nothing right, is typed."""

    method: str = "check"
    reference: str = ""
    amount: Money | None = None
    check_on: date | None = None
    received_on: date | None = None
    posted_on: date | None = None


@dataclass
class EntryState:
    """The whole form. ``own`` are the lines of the payer or guarantor, ``found`` others'."""

    source: Source | None = None
    rules: EntryRules | None = None
    head: HeadFacts = field(default_factory=HeadFacts)
    own: list[Line] = field(default_factory=list)
    found: list[Line] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    last_claim: Claim | None = None
    rest_kind: str = ""
    rest_patient: int | None = None
    touched: bool = False
    request_key: str = field(default_factory=lambda: uuid4().hex)
    asked_back: tuple[object, tuple[Finding, ...]] = (None, ())

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Why it was asked back, as long as it stands as it was then: posting it is meant."""
        said, doubts = self.asked_back
        return doubts if said == self._said() else ()

    def ask_back(self, doubts: tuple[Finding, ...]) -> None:
        """Remember what the books asked back about what is typed now."""
        self.asked_back = self._said(), doubts

    @property
    def from_payer(self) -> bool:
        """Whether it is a payer's check: an EOB is typed with it."""
        return self.source is not None and self.source.kind == "payer"

    @property
    def lines(self) -> list[Line]:
        """Every line that can be paid, each once."""
        known = {one.key for one in self.own}
        return [*self.own, *(one for one in self.found if one.key not in known)]

    @property
    def standing(self) -> list[Line]:
        """The guarantor's own lines, and those of others that this payment pays."""
        known = {one.key for one in self.own}
        paid = [one for one in self.found if one.answer is not None and one.key not in known]
        return [*self.own, *paid]

    @property
    def answered(self) -> list[Line]:
        """The lines that this payment answers."""
        return [one for one in self.lines if one.answer is not None]

    @property
    def amount(self) -> Money:
        """What the check says; zero until it is typed."""
        return self.head.amount or ZERO

    @property
    def has_amount(self) -> bool:
        """Whether an amount is typed that can be posted: an EOB may come without money."""
        return self.amount > ZERO or (self.from_payer and self.head.amount == ZERO)

    @property
    def adds_up(self) -> bool:
        """Whether nothing is left to post of something that is there to be posted."""
        whole = self.has_amount and not self.left and not self.unfinished
        return whole and bool(self.amount or self.answered)

    @property
    def unfinished(self) -> list[Line]:
        """The lines whose cell was not understood, or is half typed."""
        return [one for one in self.lines if one.text or one.fault]

    @property
    def applied(self) -> Money:
        """What the lines take of it."""
        return sum((one.paid for one in self.answered), ZERO)

    @property
    def over(self) -> Money:
        """What the lines do not take: below zero when they take too much."""
        return self.amount - self.applied

    @property
    def kept(self) -> Money:
        """What stays as a credit, once somebody said as what."""
        return self.over if self.rest_kind and self.over > ZERO else ZERO

    @property
    def left(self) -> Money:
        """What is left to post: 0.00 before anything can be posted."""
        return self.over - self.kept

    @property
    def contractual(self) -> Money:
        """What the contract takes off."""
        return _sum(self.answered, "contractual")

    @property
    def patient(self) -> Money:
        """What becomes the clients'."""
        return _sum(self.answered, "patient")

    @property
    def denied(self) -> list[Line]:
        """The lines that the payer denied."""
        return [one for one in self.answered if one.answer is not None and one.answer.denied]

    @property
    def started(self) -> bool:
        """Whether something was entered that would be missed."""
        typed = self.head.amount is not None or bool(self.head.reference)
        return typed or bool(self.answered)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Take other open charges; answers on charges that are still open stay."""
        before = {one.key: one for one in self.lines}
        self.own = [_again(one, before.get(one.key)) for one in lines]
        self.found = [one for one in self.found if one.answer is not None]
        self.claims = claims_of(self.own) if self.from_payer else []
        self.last_claim = None

    def begin(self, source: Source | None, own: Sequence[Line], found: Sequence[Line]) -> None:
        """Take over who paid, with the open charges. What stands in the head stays."""
        if source != self.source:
            self.rest_kind, self.rest_patient, self.touched = "", None, False
            self.request_key = uuid4().hex
        self.source = source
        self.own, self.found = [], []
        self.show_lines(own)
        self.found = list(found)

    def look_again(self, lines: Sequence[Line]) -> int:
        """Take the charges as they are open now; return how many answers do not fit any more."""
        before = len(self.answered)
        last = None if self.last_claim is None else self.last_claim.key
        self.show_lines(lines)
        self.last_claim = next((one for one in self.claims if one.key == last), None)
        return before - len(self.answered)

    def own_patient(self) -> None:
        """Let a guarantor's only client own the rest, unless somebody has said otherwise."""
        if self.source is not None and self.rest_patient is None and len(self.source.patients) == 1:
            self.rest_patient = self.source.patients[0][0]

    def add_lines(self, lines: Sequence[Line]) -> None:
        """Take more open charges of the payer, which letters have found."""
        self.own = [*self.own, *lines]
        self.claims = claims_of(self.own)

    def show_found(self, lines: Sequence[Line]) -> None:
        """Take what a search found of other clients, beside what is paid of earlier ones."""
        before = {one.key: one for one in self.lines}
        kept = [one for one in self.found if one.answer is not None]
        keys = {one.key for one in kept}
        self.found = [
            *kept,
            *(before.get(one.key, one) for one in lines if one.key not in keys),
        ]

    def next_claim(self) -> Claim | None:
        """The claim that Enter on the empty box takes."""
        return next_claim(self.claims, self.last_claim)

    def claim_of(self, line: Line) -> Claim | None:
        """The claim that a line is on."""
        return next((one for one in self.claims if line in one.lines), None)

    def pay_in_full(self) -> None:
        """Pay every open charge of this guarantor whole."""
        self._put(in_full(one.charge for one in self.own))

    def pay_oldest_first(self) -> None:
        """Share the check out over the guarantor's charges, the oldest first."""
        self._put(oldest_first((one.charge for one in self.own), self.amount))

    def propose(self) -> bool:
        """Share out as the practice's policy says, where nobody has typed; True if it did."""
        if self.from_payer or self.touched or self.rules is None or self.found:
            return False
        self._put(proposed(self.rules.allocation, [one.charge for one in self.own], self.amount))
        return bool(self.answered)

    def legs(self) -> list[Leg]:
        """The journal as it will be, each account once on its side."""
        legs = [Leg("1050", "Undeposited", debit=self.amount)] if self.amount else []
        if self.contractual:
            legs.append(Leg("4900", "Contractual", debit=self.contractual))
        if self.patient:
            legs.append(Leg("1100", "A/R clients", debit=self.patient))
        if self.from_payer:
            settled = self.applied + self.contractual + self.patient
            if settled:
                legs.append(Leg("1110", "A/R insurance", credit=settled))
            if self.kept:
                legs.append(Leg("2410", "Payer credits", credit=self.kept))
        else:
            if self.applied:
                legs.append(Leg("1100", "A/R clients", credit=self.applied))
            if self.kept:
                legs.append(Leg("2400", "Client credits", credit=self.kept))
        return legs

    def why_not(self) -> tuple[str, str]:
        """Why it cannot be posted yet, and what to do; empty when it can."""
        faulty = self.unfinished
        if self.source is None:
            return "Nobody has paid yet.", "Find the payer or the guarantor by letters."
        if not self.has_amount:
            return "The payment has no amount.", "Type what the check says."
        if faulty:
            line = faulty[0]
            where = f"{line.charge.service_day:%m/%d}, {line.charge.patient}"
            hint = line.fault or "Press Enter in its cell, or empty it."
            return f"The line of {where}, is not finished. Nothing is posted.", hint
        if self.left:
            says = f"The {self._called()} says {self.amount}, the lines add up to {self.applied}."
            if self.left < ZERO:
                return f"{says} Nothing is posted.", f"Lower a line by {-self.left}."
            return (
                f"{says} Nothing is posted. {self.left} is left to apply.",
                "Apply it, or keep it as a credit.",
            )
        if not self.adds_up:
            return (
                "An EOB of 0.00 says nothing without a line. Nothing is posted.",
                "Enter what it denies, or leaves to the clients.",
            )
        if self.kept and not self.from_payer and self.rest_patient is None:
            return "Whose the rest is has not been said. Nothing is posted.", "Choose the client."
        return "", ""

    def entry(self) -> Entry:
        """The payment as the services take it. Raises ValueError when `why_not` has a reason."""
        head, source = self.head, self.source
        if source is None or head.received_on is None or head.posted_on is None:
            message = "the form is not finished"
            raise ValueError(message)
        return Entry(
            source,
            self.amount,
            head.method,
            head.received_on,
            head.posted_on,
            self.request_key,
            head.check_on,
            head.reference,
            () if self.from_payer else tuple((one.key, one.paid) for one in self.answered),
            self.rest_kind if self.kept else "",
            self.rest_patient,
        )

    def eob_lines(self) -> list[EobLine]:
        """The payer's answers as the services take them."""
        return [
            EobLine(one.key, said.paid, said.contractual, said.patient, said.reason, said.denied)
            for one in self.answered
            if (said := one.answer) is not None
        ]

    def button(self) -> str:
        """The words of the primary button."""
        if not self.has_amount:
            return "Post"
        return "Post anyway" if self.doubts else f"Post {money_text(self.amount, zero_dash=False)}"

    def renew(self) -> None:
        """Begin the next payment from the same payer or guarantor."""
        self.head = HeadFacts(
            self.head.method,
            check_on=self.head.check_on,
            received_on=self.head.received_on,
            posted_on=self.head.posted_on,
        )
        self.found, self.last_claim = [], None
        for line in self.own:
            line.put(None)
        self.rest_kind, self.rest_patient, self.touched = "", None, False
        self.request_key = uuid4().hex

    def _put(self, parts: Iterable[Application]) -> None:
        by_charge = {one.charge_id: one.amount for one in parts}
        for line in self.own:
            paid = by_charge.get(line.key)
            line.put(None if paid is None else Answer(paid, typed=False))

    def _said(self) -> tuple[object, ...]:
        return self.source, self.head, self.applied

    def _called(self) -> str:
        return "check" if self.head.method == "check" else "payment"


def _sum(lines: Iterable[Line], part: str) -> Money:
    return sum((getattr(one.answer, part) for one in lines), ZERO)


def _again(line: Line, before: Line | None) -> Line:
    """A line that was looked up anew keeps what was typed, if that still fits."""
    if before is not None and before.owes == line.owes:
        line.answer, line.text, line.fault = before.answer, before.text, before.fault
    return line
