"""What a biller types for one line of an EOB, or of a check, and what it means. Pure.

    Enter alone     as expected            61.20d  paid, the rest is deductible (c coinsurance,
    x16  xpr204     denied, CO-16, PR-204                  p copay); on a keypad 61.20/1 /2 /3
    61.20o  /45     the rest is contractual
    61.20r          the rest remains with the payer
    91.40-18.60d    paid, taken off by contract, the rest is deductible
    =d              what is left of the check, the rest is deductible

With an expectation, what the contract takes off is taken off first: only what is left of the
allowed amount can become the client's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.carc import USUAL_GROUP, denial_of
from fscdesk.services.remittances.expecting import Expected
from fscdesk.services.remittances.typed_eobs import (
    COINSURANCE,
    CONTRACT,
    COPAY,
    DEDUCTIBLE,
    PATIENT_REASONS,
)
from fscdesk.ui.forms.money_entry import read_money
from fscdesk.ui.text import money_text

LETTERS: Final = {"d": DEDUCTIBLE, "c": COINSURANCE, "p": COPAY, "o": CONTRACT, "r": "r"}
"""What the letter behind an amount says about the rest of the line."""
_DENIED = re.compile(r"[x*]\s*(?P<code>[a-z\d-]*)", re.ASCII)
_ENDED = re.compile(r"(?P<amounts>.*?)\s*(?:(?P<letter>[dcpor])|/\s*(?P<code>\d{1,3}))?", re.ASCII)
_COMPLETE = re.compile(r"[=\d.,$+-]*[=\d.][dcpor]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """The payer's answer to one line. ``typed`` tells it from one taken as expected.

    ``reason`` is the CARC of the client's part; ``denied`` the CARC of a line that paid nothing.
    """

    paid: Money = ZERO
    contractual: Money = ZERO
    patient: Money = ZERO
    reason: str = DEDUCTIBLE
    denied: str = ""
    typed: bool = True

    @property
    def answered(self) -> Money:
        """How much of the line it settles for the payer."""
        return self.paid + self.contractual + self.patient

    def reason_text(self) -> str:
        """The reasons as an EOB prints them: ``CO-45, PR-1``."""
        if self.denied:
            return self.denied if "-" in self.denied else f"{USUAL_GROUP}-{self.denied}"
        said = ("CO-45" if self.contractual else "", f"PR-{self.reason}" if self.patient else "")
        return ", ".join(one for one in said if one)


def as_expected(expected: Expected) -> Answer:
    """The answer that was expected."""
    return Answer(
        expected.paid,
        expected.contractual,
        expected.patient,
        expected.patient_reason,
        typed=False,
    )


def is_complete(text: str) -> bool:
    """Whether the last letter ends the cell, so that it needs no Enter: ``61.20d``."""
    return _COMPLETE.fullmatch(text.strip().casefold()) is not None


def is_denial(text: str) -> bool:
    """Whether a denial is being typed."""
    return text.strip().casefold().startswith(("x", "*"))


def read_denial(text: str) -> str:
    """The code of ``x16``, with the group of ``xpr204``: ``16``, ``PR-204``.

    Raises ValueError with a sentence that can be shown.
    """
    found = _DENIED.fullmatch(text.strip().casefold())
    if found is None or not found["code"]:
        message = "Denied for which reason? Type the code behind the x, as x16."
        raise ValueError(message)
    denial = denial_of(found["code"])
    if denial is None:
        message = (
            f"{found['code'].upper()} is no denial code. Type the code behind the x, as x16 or xB7."
        )
        raise ValueError(message)
    return denial.typed


def read_answer(
    text: str,
    *,
    owes: Money,
    left: Money,
    expected: Expected | None = None,
    may_exceed: bool = False,
) -> Answer:
    """Read what was typed for a line on which ``owes`` is open and ``left`` of the check.

    Raises ValueError with a sentence that can be shown.
    """
    if is_denial(text):
        return Answer(denied=read_denial(text))
    found = _ENDED.fullmatch(text.strip().casefold())
    amounts = (found["amounts"] if found else text).strip()
    letter = (found["letter"] if found else None) or ""
    code = LETTERS.get(letter) or (found["code"] if found else None) or ""
    if code and code not in (*PATIENT_REASONS, CONTRACT, "r"):
        message = f"/{code} is not a reason here. It is /1, /2, /3 or /45; a denial is x{code}."
        raise ValueError(message)
    paid, taken = _amounts(amounts, owes=owes, left=left)
    if paid > owes and not may_exceed:
        raise ValueError(_too_much(paid, owes))
    rest = owes - paid if paid < owes else ZERO
    if taken is not None and taken > rest:
        message = f"{money_text(taken)} is more than the {_sum(rest)} that is left of this line."
        raise ValueError(message)
    return _shared(paid, taken, rest, code, expected)


def answer_text(answer: Answer) -> str:
    """The shortest text that `read_answer` reads as this answer."""
    if answer.denied:
        return f"x{answer.denied.lower().replace('-', '')}"
    paid = answer.paid.plain()
    letter = next((one for one, code in LETTERS.items() if code == answer.reason), "d")
    if answer.patient:
        return f"{paid}-{answer.contractual.plain()}{letter}"
    return f"{paid}o" if answer.contractual else paid


def read_part(text: str, *, owes: Money, left: Money, may_exceed: bool = False) -> Money:
    """Read what pays a client's charge: an amount, or ``=`` for what is left of the check.

    Raises ValueError with a sentence that can be shown.
    """
    paid, taken = _amounts(text.strip(), owes=owes, left=left, contract=False)
    if taken is not None or paid < ZERO:
        message = f"{text.strip()} is not an amount that can be applied."
        raise ValueError(message)
    if paid > owes and not may_exceed:
        raise ValueError(_too_much(paid, owes))
    return paid


def _shared(
    paid: Money, taken: Money | None, rest: Money, code: str, expected: Expected | None
) -> Answer:
    if code == "r":
        return Answer(paid, taken or ZERO)
    if code == CONTRACT:
        if taken is not None:
            message = "With o the whole rest is contractual: leave out the amount behind the minus."
            raise ValueError(message)
        return Answer(paid, rest)
    if code:
        usual = ZERO if expected is None else expected.contractual
        contractual = min(usual, rest) if taken is None else taken
        if contractual == rest:
            message = f"Nothing is left of this line that could be the client's ({_words(code)})."
            raise ValueError(message)
        return Answer(paid, contractual, rest - contractual, code)
    if taken is None and expected is not None and paid == expected.paid:
        return Answer(paid, expected.contractual, expected.patient, expected.patient_reason)
    left = rest - (taken or ZERO)
    if left:
        message = (
            f"{_sum(left)} is left of this line. Say whose it is: d deductible, c coinsurance, "
            "p copay, o contractual, r remains with the payer."
        )
        raise ValueError(message)
    return Answer(paid, taken or ZERO)


def _amounts(
    text: str, *, owes: Money, left: Money, contract: bool = True
) -> tuple[Money, Money | None]:
    """Paid, and what the contract takes off where that was typed."""
    if text == "=":
        whole = max(ZERO, min(owes, left))
        if not whole:
            message = "Nothing is left of the check."
            raise ValueError(message)
        return whole, None
    if text.startswith(("=", "(", "-", "\N{MINUS SIGN}")) or not contract:
        paid, taken = read_money(text), None
    else:
        first, minus, second = text.replace("\N{MINUS SIGN}", "-").partition("-")
        paid, taken = read_money(first), read_money(second) if minus else None
    if paid < ZERO or (taken is not None and taken < ZERO):
        message = "An amount here is never below zero. Money that goes back is a refund."
        raise ValueError(message)
    return paid, taken


def _too_much(paid: Money, owes: Money) -> str:
    return (
        f"{money_text(paid)} is more than the {_sum(owes)} that is owed here. "
        "Lower it: what no line takes can be kept as a credit."
    )


def _words(code: str) -> str:
    return PATIENT_REASONS[code].lower()


def _sum(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
