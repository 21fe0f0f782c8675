"""What a line's words say without any rule: a fee, interest, a returned check, how it came."""

from __future__ import annotations

import re
from functools import lru_cache

from fscdesk.services.banking.match_items import OpenLine, Way
from fscdesk.services.ledger.accounts import BANK_FEES, BANK_INTEREST

_FEE = re.compile(
    r"\b(SERVICE|SVC|MAINTENANCE|MAINT|MONTHLY|NSF|RETURNED? ITEM|WIRE|ANALYSIS|BANK)[ .]+"
    r"(FEE|CHARGE|CHRG|CHG)S?\b(?! BACK)"
)
_INTEREST = re.compile(r"\bINTEREST (PAYMENT|PAID|EARNED|CREDIT)|\bINT(EREST)? PAID\b")
_RETURNED = re.compile(
    r"\b(RETURN(ED)? (DEPOSIT(ED)? ITEM|ITEM|CHECK)|DEPOSIT(ED)? ITEM RETURN(ED)?|"
    r"RET(URN)? DEP ITEM|NSF|ACH RETURN)\b"
)
_CHARGEBACK = re.compile(r"\bCHARGE ?BACK|\bDISPUTE\b")
_CARD = re.compile(r"\bST-[A-Z0-9]{4,}|\bSTRIPE\b")
_CARRIED = re.compile(r"\bDEPOSIT\b")
_EFT = re.compile(r"\bHCCLAIMPMT\b|TRN\*")
_BY_PAYER = re.compile(r"\b(ACH|EFT|CLAIMS? ?(PAYMENT|PYMT|PMT)S?)\b")
_LETTERS = re.compile(r"[^A-Z0-9]+")
_LEAST_CHECK = 3
_TELLING = 10
"""So many letters of a name say who it is; banks cut names."""


def way_of(line: OpenLine) -> Way:
    """Return how the money of a line came, as far as its words tell."""
    return Way.EFT if line.sender else _way(line.words, line.kind)


@lru_cache(maxsize=16_384)
def _way(words: str, kind: str) -> Way:
    """Look once at words that are asked for again with every item."""
    text = words.upper()
    if _EFT.search(text):
        return Way.EFT
    if _CARD.search(text):
        return Way.CARD
    if _CARRIED.search(text) or "DEPOSIT" in kind.upper():
        return Way.COUNTER
    return Way.ANY


def says_fee(line: OpenLine) -> bool:
    """Return whether the bank charges for its service."""
    if line.amount.cents > 0:
        return False
    return bool(_FEE.search(line.words.upper())) or line.kind.upper().startswith("FEE")


def says_interest(line: OpenLine) -> bool:
    """Return whether the bank pays interest."""
    kind = line.kind.upper()
    return line.amount.cents > 0 and (bool(_INTEREST.search(line.words.upper())) or kind == "INT")


def account_named(line: OpenLine) -> str:
    """Return the account of what the bank itself names in its words; "" for anything else."""
    if says_fee(line):
        return BANK_FEES
    return BANK_INTEREST if says_interest(line) else ""


def says_returned(line: OpenLine) -> bool:
    """Return whether the bank took money back that was deposited: NSF, or a chargeback."""
    if line.amount.cents >= 0 or says_fee(line):
        return False
    words = line.words.upper()
    return bool(_RETURNED.search(words) or _CHARGEBACK.search(words))


def says_chargeback(line: OpenLine) -> bool:
    """Return whether what was taken back was paid by card."""
    return bool(_CHARGEBACK.search(line.words.upper()))


def says_eft(words: str, sender: str = "") -> bool:
    """Return whether the words are those of a payer's electronic payment."""
    return bool(sender) or _way(words, "") is Way.EFT


def says_payer(words: str, sender: str = "") -> bool:
    """Return whether the words may be a payer's payment, whose EOB tells what it is.

    Wider than `says_eft`, which proves it: ACH, EFT, a claim payment. A deposit that somebody
    brought is none of these.
    """
    return says_eft(words, sender) or bool(_BY_PAYER.search(words.upper()))


def names_check(line: OpenLine, reference: str) -> bool:
    """Return whether a line names a check by its number, in its words or beside them."""
    number = _digits(reference)
    if len(number) < _LEAST_CHECK:
        return False
    return number in {_digits(word) for word in (*line.words.split(), line.check_number)}


def _digits(word: str) -> str:
    found = word.strip("#:.,;").upper().removeprefix("CK").strip("#:")
    return found.lstrip("0") if found.isdigit() else ""


def reference_key(reference: str) -> str:
    """Return a reference as a bank's trace is kept: capitals, no blanks."""
    return "".join(reference.split()).upper()


def names(words: str, who: str) -> bool:
    """Return whether a line's words name somebody: the start of the name, as banks cut it."""
    name = _LETTERS.sub("", who.upper())
    return len(name) > 3 and name[:_TELLING] in _LETTERS.sub("", words.upper())  # noqa: PLR2004
