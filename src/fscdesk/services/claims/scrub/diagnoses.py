"""Rules about diagnoses, and how the lines point at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub.findings import CodeBook, Found, rule, rule_of_codes
from fscdesk.services.claims.scrub.procedures import is_behavioral
from fscdesk.services.claims.scrub.sentences import count, day, listed, of_line, shown

MOST_DIAGNOSES: Final = 12
MOST_POINTERS: Final = 4
_ICD: Final = re.compile(r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?", re.ASCII)
_EXTERNAL: Final = tuple("VWXY")
_MANIFESTATION: Final = "diseases classified elsewhere"
"""Words of codes that only ever follow the disease behind them (etiology comes first)."""
_BEHAVIORAL: Final = (
    "F", "R40", "R41", "R44", "R45", "R46", "R48", "G24", "G25", "G47", "T74", "T76",
    "Z03", "Z04", "Z133", "Z55", "Z56", "Z57", "Z58", "Z59", "Z60", "Z61", "Z62", "Z63",
    "Z64", "Z65", "Z69", "Z70", "Z71", "Z72", "Z73", "Z75", "Z765", "Z81", "Z865", "Z91",
)  # fmt: skip
"""Chapters and categories from which DSM-5-TR takes its codes."""
_IN_DETAILS: Final = "Correct it among the client's diagnoses."


@rule(17, "diagnoses", "The diagnoses", "2300 HI, box 21", Severity.STOPS, fixed=True)
def diagnoses(content: ClaimContent) -> Iterator[Found]:
    """Guard HI and box 21: 1 to 12 codes, each once, each built as ICD-10-CM codes are.

    The first is the principal one (ABK). Codes are kept with their dot; none is ever written.
    """
    if not content.diagnoses:
        yield Found(
            "diagnoses",
            "The claim has no diagnosis.",
            "Add it among the client's diagnoses, with the day from which it holds.",
        )
    if len(content.diagnoses) > MOST_DIAGNOSES:
        yield Found(
            "diagnoses",
            f"The claim has {len(content.diagnoses)} diagnoses; {MOST_DIAGNOSES} fit.",
            "Take those off the claim that no line points at.",
        )
    bad = [code for code in content.diagnoses if not _ICD.fullmatch(code)]
    if bad:
        yield Found(
            "diagnoses",
            f"{listed([code or '(empty)' for code in bad])} cannot be ICD-10-CM: a letter, a "
            "digit, and one to five more.",
            _IN_DETAILS,
        )
    bare = [_bare(code) for code in content.diagnoses]
    twice = sorted({code for code in bare if code and bare.count(code) > 1})
    if twice:
        yield Found(
            "diagnoses",
            f"{listed(twice)} {'stands' if len(twice) == 1 else 'stand'} on the claim more than "
            "once.",
            "Keep each once on the claim, and let the lines point at that one.",
        )


@rule_of_codes(
    18, "diagnosis-valid", "Diagnoses that hold on the day", "2300 HI, box 21", Severity.STOPS
)
def diagnosis_valid(content: ClaimContent, codes: CodeBook) -> Iterator[Found]:
    """Guard HI and box 21: a code without longer ones below it, valid on each day of service.

    ICD-10-CM changes on 1 October and 1 April; the CDC's table says which codes hold when.
    """
    days = sorted({line.service_day for line in content.lines}) or [content.today]
    for code in dict.fromkeys(content.diagnoses):
        if not _ICD.fullmatch(code):
            continue
        wrong = next((on for on in days if codes.is_billable(code, on) is False), None)
        if wrong is None:
            continue
        words = codes.words(code)
        yield Found(
            "diagnoses",
            f"{code} ({shown(words)}) is not specific enough for a claim, or not valid on "
            f"{day(wrong)}."
            if words
            else f"{code} is not in ICD-10-CM.",
            "Look for the code that fits by its words among the client's diagnoses.",
        )


@rule_of_codes(
    19, "principal-diagnosis", "The principal diagnosis", "2300 HI*ABK, box 21 A", Severity.WARNS
)
def principal_diagnosis(content: ClaimContent, codes: CodeBook) -> Iterator[Found]:
    """Guard HI*ABK: no external cause and no manifestation comes first, and Z codes not alone."""
    if not content.diagnoses:
        return
    first = content.diagnoses[0]
    bare = _bare(first)
    if bare.startswith(_EXTERNAL):
        yield Found(
            "diagnoses",
            f"{shown(first)} tells what caused an injury; it cannot be the principal diagnosis.",
            "Put what is treated first. The order stands among the client's diagnoses.",
        )
    elif _MANIFESTATION in codes.words(first).casefold():
        yield Found(
            "diagnoses",
            f"{shown(first)} is what another disease brings; that disease comes first.",
            "Put the disease behind it first. The order stands among the client's diagnoses.",
        )
    elif all(_bare(code).startswith("Z") for code in content.diagnoses):
        yield Found(
            "diagnoses",
            f"Only Z codes stand on the claim ({listed(content.diagnoses)}); many payers do not "
            "pay for these alone.",
            "Add the disorder that is treated, where there is one.",
        )


@rule(20, "pointers", "Lines point at diagnoses", "SV107, box 24E", Severity.STOPS, fixed=True)
def pointers(content: ClaimContent) -> Iterator[Found]:
    """Guard SV107 and box 24E: 1 to 4 pointers, each at a diagnosis of this claim, each once.

    No validator of X12 looks whether a pointer meets a diagnosis (``domain/x12.md`` 1).
    """
    have = len(content.diagnoses)
    for line in content.lines:
        at = line.pointers
        beyond = sorted({pointer for pointer in at if not 1 <= pointer <= have})
        if not at:
            fault = "points at no diagnosis"
        elif len(at) > MOST_POINTERS:
            fault = f"points at {len(at)} diagnoses; {MOST_POINTERS} fit"
        elif beyond and have:
            fault = (
                f"points at diagnosis {listed([str(one) for one in beyond])}; the claim has "
                f"{count(have, 'diagnosis') if have == 1 else f'{have} diagnoses'}"
            )
        elif len(set(at)) < len(at):
            fault = "points at one diagnosis more than once"
        else:
            continue
        yield Found(
            "line_pointers",
            f"{of_line(line)} {fault}.",
            "Type the numbers of its diagnoses on the claim, the one that it is mainly for first.",
            line.position,
        )


@rule(
    21,
    "behavioral-diagnosis",
    "A diagnosis of behavioral health",
    "2300 HI*ABK, box 21 A",
    Severity.WARNS,
)
def behavioral_diagnosis(content: ClaimContent) -> Iterator[Found]:
    """Guard HI*ABK: psychotherapy is for a disorder of chapter F, or for some R and Z codes.

    External causes in the first place are another rule's.
    """
    if not content.diagnoses or not any(is_behavioral(line.code) for line in content.lines):
        return
    first = content.diagnoses[0]
    if not _bare(first).startswith((*_BEHAVIORAL, *_EXTERNAL)):
        yield Found(
            "diagnoses",
            f"The principal diagnosis {shown(first) or '(empty)'} is none of behavioral health, "
            "and the services are.",
            "Put the disorder that is treated first. The order stands among the client's "
            "diagnoses.",
        )


RULES: Final = (
    diagnoses,
    diagnosis_valid,
    principal_diagnosis,
    pointers,
    behavioral_diagnosis,
)


def _bare(code: str) -> str:
    return code.replace(".", "").upper()
