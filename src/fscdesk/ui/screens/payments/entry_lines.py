"""The lines of a payment that is being entered, and the claims that a payer's lines make. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fscdesk.models.values import ZERO, Money
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.open_charges import OpenCharge
from fscdesk.services.remittances.expecting import Expected
from fscdesk.ui.screens.payments.entry_cell import Answer, as_expected
from fscdesk.ui.text import short_day_text

SERVICE_LINES = 6
"""A CMS-1500 holds six service lines: an EOB answers claim by claim."""
APART_DAYS = 31
"""Sessions that lie further apart were not on one claim."""


@dataclass
class Line:
    """One open charge: what the payer or guarantor pays of it, once that is known.

    ``text`` is what stands in its cell without being accepted, ``fault`` says why not.
    """

    charge: OpenCharge
    expected: Expected | None = None
    answer: Answer | None = None
    text: str = ""
    fault: str = ""

    @property
    def key(self) -> int:
        """The charge's id."""
        return self.charge.charge_id

    @property
    def owes(self) -> Money:
        """What is open, never below zero."""
        return max(ZERO, self.charge.open)

    @property
    def paid(self) -> Money:
        """What this payment pays of it."""
        return ZERO if self.answer is None else self.answer.paid

    @property
    def left(self) -> Money:
        """What stays open with the payer or guarantor; a denied line stays whole."""
        settled = ZERO if self.answer is None else self.answer.answered
        return self.charge.open - settled

    def take_expected(self) -> bool:
        """Answer as expected; False where nothing is expected."""
        if self.expected is None:
            return False
        self.answer, self.text, self.fault = as_expected(self.expected), "", ""
        return True

    def put(self, answer: Answer | None) -> None:
        """Answer, or take the answer back."""
        self.answer, self.text, self.fault = answer, "", ""


@dataclass
class Claim:
    """Lines of one client that the payer answers together."""

    lines: list[Line] = field(default_factory=list)

    @property
    def key(self) -> int:
        """The first line's charge: what the claim is called here."""
        return self.lines[0].key

    @property
    def patient(self) -> str:
        """Whose claim it is."""
        return self.lines[0].charge.patient

    @property
    def number(self) -> str:
        """Its number, as the EOB gives it back; empty where there is no claim of it here."""
        return self.lines[0].charge.claim

    @property
    def unbilled(self) -> bool:
        """Whether the payer was never sent a claim of it: it can hardly answer it."""
        return self.lines[0].charge.unbilled

    @property
    def days(self) -> str:
        """The first and the last day."""
        first, last = self.lines[0].charge.service_day, self.lines[-1].charge.service_day
        if first == last:
            return short_day_text(first)
        return f"{short_day_text(first)}\N{EN DASH}{short_day_text(last)}"

    @property
    def expected(self) -> Expected | None:
        """The whole claim as expected; None where something of it is not known."""
        known = [one.expected for one in self.lines]
        if any(one is None for one in known):
            return None
        every = [one for one in known if one is not None]
        return Expected(
            sum((one.paid for one in every), ZERO),
            sum((one.contractual for one in every), ZERO),
            sum((one.patient for one in every), ZERO),
            "",
        )

    @property
    def begun(self) -> bool:
        """Whether any of its lines is answered."""
        return any(one.answer is not None for one in self.lines)

    @property
    def done(self) -> bool:
        """Whether all of its lines are answered."""
        return all(one.answer is not None for one in self.lines)

    def total(self, part: str) -> Money:
        """The sum of a part of its answers: paid, contractual, patient."""
        return sum(
            (getattr(one.answer, part) for one in self.lines if one.answer is not None), ZERO
        )

    def fits(self, words: Sequence[str]) -> bool:
        """Whether each folded word begins a name of the client, a number or a day."""
        charge = self.lines[0].charge
        names = f" {fold(charge.patient)} {fold(charge.patient_number)} {fold(self.number)}"
        days = [one.charge.service_day for one in self.lines]
        shown = {f"{day.month}/{day.day}" for day in days} | {short_day_text(day) for day in days}
        return all(f" {word}" in names or word in shown for word in words)


def claims_of(lines: Iterable[Line]) -> list[Claim]:
    """Put lines into claims, by client, the oldest first; what was never billed comes last.

    Lines of one claim of ours stay together; of the others a client's nearest.
    """
    ordered = sorted(
        lines,
        key=lambda one: (
            fold(one.charge.patient),
            one.charge.patient_id,
            one.charge.unbilled,
            one.charge.claim,
            one.charge.service_day,
            one.key,
        ),
    )
    claims: list[Claim] = []
    for line in ordered:
        last = claims[-1].lines if claims else []
        if (
            last
            and last[0].charge.patient_id == line.charge.patient_id
            and last[0].charge.claim == line.charge.claim
            and last[0].charge.unbilled == line.charge.unbilled
            and len(last) < SERVICE_LINES
            and (line.charge.service_day - last[-1].charge.service_day).days <= APART_DAYS
        ):
            last.append(line)
        else:
            claims.append(Claim([line]))
    return sorted(claims, key=_place)


def _place(one: Claim) -> tuple[object, ...]:
    charge = one.lines[0].charge
    return one.unbilled, fold(charge.patient), charge.patient_id, charge.service_day, one.key


def lines_of(charges: Iterable[OpenCharge], expected: Mapping[int, Expected]) -> list[Line]:
    """Make lines of open charges. What is overpaid already cannot be paid."""
    return [Line(one, expected.get(one.charge_id)) for one in charges if one.open > ZERO]


def next_claim(claims: Sequence[Claim], after: Claim | None) -> Claim | None:
    """The next claim that is not done, in their order, from behind the last one on."""
    at = claims.index(after) + 1 if after in claims else 0
    return next((one for one in [*claims[at:], *claims[:at]] if not one.done), None)
