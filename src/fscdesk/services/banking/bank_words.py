"""What the words of a bank line say: the trace of a payment, who sent it, what kind it is."""

from __future__ import annotations

import hashlib
import re
from datetime import date

_BLANKS = re.compile(r"\s+")
_TRN = re.compile(r"TRN\s*\*\s*1\s*\*(?P<trace>[^*\\~]{1,50})(?:\*(?P<sender>[^*\\~]{1,30}))?")
_PAYOUT = re.compile(r"\bST-(?P<payout>[A-Z0-9]{4,40})\b")
_CHECK = re.compile(r"\bCHE?CK\s*(?:#|NO\.?|NUMBER)?\s*(?P<number>\d{3,12})\b")
_DIGITS = re.compile(r"\d[\d./:-]*")
_DATES = re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b")


def single_blanks(words: str) -> str:
    """Return the words with single blanks and no blank at the ends."""
    return _BLANKS.sub(" ", words).strip()


def key_of(on: date, cents: int, words: str) -> str:
    """Return what makes a line itself in every layout: its day, amount and words without blanks.

    A bank breaks the same text at other places in OFX (NAME and MEMO) than in CSV.
    """
    text = _BLANKS.sub("", words).upper()
    return hashlib.sha256(f"{on.isoformat()}|{cents}|{text}".encode()).hexdigest()


def trace_of(words: str, check_number: str = "") -> str:
    """Return what names a payment: TRN02 of an EFT, a card payout's id, or a check's number.

    An EFT carries ``TRN*1*trace*payer id`` of its ERA in the addenda (CORE 370); banks break it
    with blanks. Empty where the words name nothing.
    """
    joined = _BLANKS.sub("", words).upper()
    if found := _TRN.search(joined):
        return found["trace"]
    if found := _PAYOUT.search(words.upper()):
        return found["payout"]
    if check_number.strip():
        return check_number.strip()
    if found := _CHECK.search(words.upper()):
        return found["number"]
    return ""


def sender_of(words: str) -> str:
    """Return the payer's id beside the trace (TRN03), empty where there is none."""
    found = _TRN.search(_BLANKS.sub("", words).upper())
    return (found["sender"] or "") if found else ""


def plain(words: str) -> str:
    """Return the words that stay the same from month to month, for a rule to compare.

    Numbers, dates and traces change; what is left is who it is and what it is.
    """
    text = _TRN.sub(" ", single_blanks(words).upper())
    text = _PAYOUT.sub(" ", text)
    text = _DIGITS.sub(" ", _DATES.sub(" ", text))
    return single_blanks(re.sub(r"[^A-Z& ]+", " ", text))
