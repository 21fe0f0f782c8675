"""Who stands on a paper: the practice that sends it, who gets it, and the clinician."""

from __future__ import annotations

from dataclasses import dataclass

OR_A_PLAN = ", or a plan to pay in parts"
"""What else a recipient who owes may call about."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who sends it: the return address, and where an answer reaches the office."""

    name: str
    address: tuple[str, ...]
    phone: str = ""
    email: str = ""
    hours: str = ""
    """As said in a sentence after the phone number: ``Monday to Friday, 9 to 4``."""

    def question(self, paper: str, also: str = "") -> str:
        """Whom to call about a paper, as a sentence; nothing where there is no phone number."""
        if not self.phone:
            return ""
        reach = ", ".join(part for part in (self.phone, self.hours) if part)
        return f"A question about this {paper}{also}? Call {reach}."


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose name and address show in the envelope's window."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clinician:
    """Who treated, as an insurer wants to read it."""

    name: str
    credentials: str = ""
    npi: str = ""
    license: str = ""
    """With its state, as the practice writes it: ``LCSW 44SC00000000, NJ``."""
    taxonomy: str = ""

    def titled(self) -> str:
        """The name with the credentials: ``Mockley O’Sample, LCSW``."""
        return ", ".join(part for part in (self.name.strip(), self.credentials.strip()) if part)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10-CM code, and the practice's own words for it, if any."""

    code: str
    what: str = ""
