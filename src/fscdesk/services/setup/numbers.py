"""Checks of numbers and addresses that people type: NPI, taxonomy, tax id, state, ZIP. Pure."""

from __future__ import annotations

import re

from fscdesk.services.errors import Problem

SEXES = {"": "Not said", "F": "Female", "M": "Male", "U": "Unknown"}
"""What payers want to know (837 DMG03), in words."""
_NOTHING = "Nothing was saved."
_NPI_PREFIX = "80840"
"""The health industry number's prefix, part of the NPI's check digit (CMS NPI standard)."""
_NPI = re.compile(r"[12]\d{9}", re.ASCII)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_STATE = re.compile(r"[A-Z]{2}", re.ASCII)
_ZIP = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def npi_of(text: str) -> str:
    """Return an NPI, or nothing for an empty text. Raises Problem when it cannot be one."""
    npi = re.sub(r"[\s-]", "", text)
    if not npi:
        return ""
    if _NPI.fullmatch(npi) is None:
        raise Problem(
            f"{text.strip()} is not an NPI.",
            hint=f"{_NOTHING} An NPI has ten digits and begins with 1 or 2.",
        )
    if not luhn_holds(_NPI_PREFIX + npi):
        raise Problem(
            f"The check digit of NPI {npi} does not fit, so one digit is wrong.",
            hint=f"{_NOTHING} Compare it with the NPI registry.",
        )
    return npi


def luhn_holds(digits: str) -> bool:
    """Return whether a number's last digit is its Luhn check digit (ISO/IEC 7812)."""
    total = 0
    for place, mark in enumerate(reversed(digits)):
        value = int(mark) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the sum of two digits
    return total % 10 == 0


def taxonomy_of(text: str) -> str:
    """Return a provider taxonomy code, or nothing. Raises Problem when it cannot be one."""
    code = text.strip().upper()
    if code and _TAXONOMY.fullmatch(code) is None:
        raise Problem(
            f"{text.strip()} is not a taxonomy code.",
            hint=f"{_NOTHING} It has ten letters and digits and ends with X, like 1041C0700X.",
        )
    return code


def tax_id_of(text: str) -> str:
    """Return a tax id as nine digits with its dash, or nothing."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    if re.fullmatch(r"\d{9}", digits, re.ASCII) is None:
        raise Problem(
            f"{text.strip()} is not a tax id.", hint=f"{_NOTHING} It has nine digits: 12-3456789."
        )
    return f"{digits[:2]}-{digits[2:]}"


def state_of(text: str) -> str:
    """Return a state's two letters, or nothing."""
    state = text.strip().upper()
    if state and _STATE.fullmatch(state) is None:
        raise Problem(
            f"{text.strip()} is not a state.", hint=f"{_NOTHING} Write its two letters: NJ."
        )
    return state


def sex_of(text: str) -> str:
    """Return what claims call the sex of a person, or nothing (837 DMG03, box 3)."""
    sex = text.strip().upper()
    if sex not in SEXES:
        raise Problem(f"{text.strip()} cannot stand on a claim.", hint=f"{_NOTHING} M, F or U can.")
    return sex


def zip_of(text: str) -> str:
    """Return a ZIP code of five or nine digits, or nothing."""
    code = text.strip()
    if re.fullmatch(r"\d{9}", code, re.ASCII):
        code = f"{code[:5]}-{code[5:]}"
    if code and _ZIP.fullmatch(code) is None:
        raise Problem(
            f"{code} is not a ZIP code.", hint=f"{_NOTHING} Write five digits, or 07005-1234."
        )
    return code


def email_of(text: str) -> str:
    """Return an e-mail address, or nothing."""
    address = text.strip()
    if address and _EMAIL.fullmatch(address) is None:
        raise Problem(
            f"{address} is not an e-mail address.", hint=f"{_NOTHING} Write it like a@b.example."
        )
    return address
