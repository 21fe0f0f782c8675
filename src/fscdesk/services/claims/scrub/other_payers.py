"""The rule about what earlier payers decided, which a secondary or tertiary claim brings along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.models.values import ZERO
from fscdesk.services.billing.adjustment_rules import GROUPS
from fscdesk.services.claims.content import (
    ClaimContent,
    ContentLine,
    EarlierAnswer,
    EarlierLine,
    EarlierPayer,
)
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import listed, of_line, shown

LACKED_SOMETHING: Final = frozenset({"16", "226", "227", "252"})
"""CARCs by which a payer asks for what it lacks: nothing is decided yet."""
_TYPE_IT: Final = "Enter its remittance whole: what it paid, and each adjustment with its reason."


@rule(
    40,
    "earlier-payers",
    "What earlier payers decided",
    "2320, 2330 and 2430, boxes 9 to 9d",
    Severity.STOPS,
)
def earlier_payers(content: ClaimContent) -> Iterator[Found]:
    """Guard 2320, 2330A, 2330B and 2430: each earlier payer answered, and its lines add up.

    On every line, paid and adjusted together are what was charged (SVD02 + CAS = SV102), by a
    known group and reason, on a day (DTP*573). A denial for something that was lacking, of one
    line, too, is no answer: the earlier claim is mended first. Nor is a word without its EOB.
    What crossed over by itself is never sent.
    """
    if content.crossed_over:
        return
    for other in content.others:
        name = shown(other.payer.name)
        if not other.payer.payer_code:
            yield Found(
                "others",
                f"{name}, another payer of the client, has no payer id.",
                "Add it in Setup, Payers.",
            )
        if not other.coverage.member_id.strip():
            yield Found(
                "others",
                f"The client's policy with {name}, another payer, has no member id.",
                "Add it in the client's policy.",
            )
    earlier = [one for one in content.others if one.coverage.rank < content.rank]
    if content.rank > 1 and not earlier:
        yield Found(
            "others",
            "This claim is for a payer that comes second, and no earlier one is on it.",
            "Correct the order of the client's policies, or add the first one.",
        )
    for other in earlier:
        yield from _faults_of(content, other)


RULES: Final = (earlier_payers,)


def _faults_of(content: ClaimContent, other: EarlierPayer) -> Iterator[Found]:
    name, answer = shown(other.payer.name), other.answer
    if answer is None:
        yield Found(
            "others",
            f"{name} comes first and has not answered.",
            "Wait for its remittance, or enter it; the claim is built on what it says.",
        )
        return
    if not answer.paid and (lacked := _lacked(*answer.lines)):
        yield Found(
            "others",
            f"{name} paid nothing because something was lacking (CARC {listed(lacked)}).",
            f"Correct the claim to {name} first, and wait for its answer.",
        )
        return
    said = {line.position: line for line in answer.lines}
    added = sum((line.paid for line in answer.lines), ZERO)
    if answer.lines and added != answer.paid:
        yield Found(
            "others",
            f"{name} paid {answer.paid} for the claim, and {added} for its lines together.",
            _TYPE_IT,
        )
    for line in content.lines:
        yield from _faults_of_line(name, answer, line, said.get(line.position))


def _faults_of_line(
    name: str, answer: EarlierAnswer, line: ContentLine, decided: EarlierLine | None
) -> Iterator[Found]:
    if decided is None:
        yield Found(
            "others", f"{name} said nothing of line {line.position}.", _TYPE_IT, line.position
        )
        return
    if lacked := _lacked(decided):
        yield Found(
            "others",
            f"{name} paid nothing of line {line.position} because something was lacking (CARC "
            f"{listed(lacked)}).",
            f"Correct the claim to {name} first, and wait for its answer.",
            line.position,
        )
        return
    if line.amount and not decided.paid and not decided.adjustments:
        yield Found(
            "others",
            f"{name} has answered line {line.position}, and nothing of what it said is posted.",
            "Post its EOB first: what it paid, and each adjustment with its reason.",
            line.position,
        )
        return
    if decided.decided_on is None and answer.decided_on is None:
        yield Found(
            "others",
            f"Nothing says on which day {name} decided line {line.position}.",
            _TYPE_IT,
            line.position,
        )
    if unknown := _unknown(decided):
        yield Found(
            "others",
            f"{name} adjusted line {line.position} by {listed(unknown)}, which is no group and "
            "reason.",
            "A group is CO, PR, OA, PI or CR, and a reason a CARC. Correct the adjustment.",
            line.position,
        )
    adjusted = sum((one.amount for one in decided.adjustments), ZERO)
    if decided.paid + adjusted != line.amount:
        yield Found(
            "others",
            f"{of_line(line)} was charged at {line.amount}; {name} paid {decided.paid} and "
            f"adjusted {adjusted}, which makes {decided.paid + adjusted}.",
            _TYPE_IT,
            line.position,
        )


def _lacked(*lines: EarlierLine) -> list[str]:
    """Return the CARCs by which lines were not paid for something that was lacking."""
    carcs = {one.carc for line in lines if not line.paid for one in line.adjustments}
    return sorted(carcs & LACKED_SOMETHING)


def _unknown(line: EarlierLine) -> list[str]:
    return [
        f"{one.group}-{one.carc}"
        for one in line.adjustments
        if one.group not in GROUPS or not one.carc.strip()
    ]
