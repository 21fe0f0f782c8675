"""835 files from a few lines, balanced unless a test says otherwise.

    text = era(
        claim("C-1", service("90837", "150", cas="CO45=30 PR3=20"), patient=("Anyone", "Alma")),
        plb=[plb("WO", "25", "ICN0")],
    )

Amounts are dollars as text: ``"150"``, ``"-12.50"``. What is not given follows from the rest: a
service is paid its charge less its CAS, a claim is the sum of its services less its own CAS, and
the check is the sum of its claims less the PLB. Give ``paid``, ``charge`` or ``amount`` to put a
level off balance. ``file_of`` takes several `remittance` of one file, any delimiters and wraps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from fscdesk.services.x12.segments import Delimiters
from tests.support.era_lines import (
    NPI,
    TAX_ID,
    EraClaim,
    EraPlb,
    EraService,
    Line,
    line_of_plb,
    lines_of_claim,
    raw_lines,
    trios_of,
    written,
)

PAYER, PAYER_ID = "IMAGINARY BLUE", "99901"
TRACE, ORIGIN = "EFT2026001", "1999019901"
DAY = "20260302"

_USUAL = Delimiters()


@dataclass(frozen=True)
class EraSet:
    """One ST … SE: its segments, and its control number."""

    control: str
    lines: tuple[Line, ...] = field(repr=False)


def service(
    code: str = "90837",
    charge: str = "150",
    *,
    paid: str | None = None,
    cas: str = "",
    line_id: str = "",
    day: str = DAY,
    last_day: str = "",
    modifiers: Sequence[str] = (),
    qualifier: str = "HC",
    units: str = "1",
    billed: str | Sequence[str] = (),
    billed_units: str = "",
    allowed: str = "",
    remarks: Sequence[str] = (),
    extra: Sequence[str] = (),
) -> EraService:
    """A service line; ``cas`` is ``CO45=30 PR3=20``, with a quantity ``CO119=30x2``.

    ``billed`` is what was billed where the payer recoded (SVC06): a code, or code and modifiers.
    ``extra`` are segments behind the others, with the usual delimiters.
    """
    return EraService(
        code=code,
        charge=charge,
        paid=_less(charge, cas) if paid is None else paid,
        cas=cas,
        line_id=line_id,
        first_day=day,
        last_day=last_day,
        modifiers=tuple(modifiers),
        qualifier=qualifier,
        units=units,
        billed=(billed,) if isinstance(billed, str) else tuple(billed),
        billed_units=billed_units,
        allowed=allowed,
        remarks=tuple(remarks),
        extra=tuple(extra),
    )


def claim(
    number: str,
    *services: EraService,
    status: str = "1",
    charge: str | None = None,
    paid: str | None = None,
    patient_share: str | None = None,
    cas: str = "",
    payer_number: str = "ICN0001",
    filing: str = "12",
    place: str = "11",
    frequency: str = "1",
    patient: Sequence[str] = ("ANYONE", "ALMA", "XYZ123456789"),
    insured: Sequence[str] = (),
    corrected: Sequence[str] = (),
    rendering: str = "",
    crossover: Sequence[str] = (),
    other_payer: Sequence[str] = (),
    group_number: str = "",
    remarks: Sequence[str] = (),
    interest: str = "",
    received_on: str = "",
    days: Sequence[str] = (),
    extra: Sequence[str] = (),
) -> EraClaim:
    """A claim. Persons are (last, first, member id); companies (name, id); rendering is an NPI.

    ``remarks`` are of the claim (MOA); ``days`` the first and last of the claim; ``extra`` are
    segments before the services, with the usual delimiters.
    """
    whole = _sum(one.charge for one in services) if charge is None else charge
    owed = _sum(one.paid for one in services) if services else whole
    own = [_person("QC", patient)] if patient else []
    own += [_person("IL", insured)] if insured else []
    own += [_person("74", corrected, "C")] if corrected else []
    own += [f"NM1*82*1******XX*{rendering}"] if rendering else []
    own += [_company("TT", crossover)] if crossover else []
    own += [_company("PR", other_payer)] if other_payer else []
    moved = f"{cas} {' '.join(one.cas for one in services)}"
    return EraClaim(
        number=number,
        services=services,
        status=status,
        charge=whole,
        paid=_less(owed, cas) if paid is None else paid,
        patient_share=_sum(a for g, _, a, _ in trios_of(moved) if g == "PR")
        if patient_share is None
        else patient_share,
        cas=cas,
        payer_number=payer_number,
        filing=filing,
        place=place,
        frequency=frequency,
        names=tuple(own),
        group_number=group_number,
        remarks=tuple(remarks),
        interest=interest,
        received_on=received_on,
        days=tuple(days),
        extra=tuple(extra),
    )


def reversal_of(original: EraClaim, status: str = "22", **changes: Any) -> EraClaim:
    """The claim taken back: status 22, every amount and unit of money turned round."""
    services = tuple(
        replace(
            one,
            charge=_minus(one.charge),
            paid=_minus(one.paid),
            cas=_turned(one.cas),
            allowed=_minus(one.allowed) if one.allowed else "",
        )
        for one in original.services
    )
    turned = replace(
        original,
        services=services,
        status=status,
        charge=_minus(original.charge),
        paid=_minus(original.paid),
        patient_share="0",
        cas=_turned(original.cas),
        interest=_minus(original.interest) if original.interest else "",
    )
    return replace(turned, **changes)


def plb(reason: str, amount: str, reference: str = "", **more: str) -> EraPlb:
    """One pair: positive takes from the check, negative adds to it."""
    return EraPlb(((reason, reference, amount),), **more)


def plbs(*pairs: tuple[str, str, str], **more: str) -> EraPlb:
    """Up to six pairs of (reason, amount, reference) in one segment."""
    return EraPlb(tuple((reason, reference, amount) for reason, amount, reference in pairs), **more)


def remittance(
    *claims: EraClaim,
    plb: Sequence[EraPlb] = (),
    trace: str = TRACE,
    origin: str = ORIGIN,
    supplement: str = "",
    amount: str | None = None,
    direction: str = "C",
    method: str = "ACH",
    handling: str = "I",
    effective: str = "20260320",
    made_on: str = "20260319",
    payer: str = PAYER,
    payer_id: str = PAYER_ID,
    payee: str = "FICTIONAL SPRINGS COUNSELING",
    npi: str = NPI,
    tax_id: str = TAX_ID,
    control: str = "0001",
    version: str = "",
    lx: bool = True,
    head: Sequence[str] | None = None,
    extra: Sequence[str] = (),
) -> EraSet:
    """One transaction. ``head`` replaces all before the first claim but BPR and TRN; ``extra``
    stands after it. ``amount`` is BPR02; ``direction`` C or D is BPR03.
    """
    check = (
        _less(
            _sum(one.paid for one in claims), " ".join(f"XX={p[2]}" for b in plb for p in b.pairs)
        )
        if amount is None
        else amount
    )
    if amount is None and Decimal(check) < 0:
        check, direction = _minus(check), "D"
    bank = ("01", "999999992", "DA", "123456", origin, "", "01", "999988880", "DA", "98765")
    bpr: Line = (
        *("BPR", handling, check, direction, method, "CCP" if method == "ACH" else ""),
        *(bank if method == "ACH" else ("",) * 10),
        effective,
    )
    standing = [
        f"DTM*405*{made_on}" if made_on else "",
        f"N1*PR*{payer}*XV*{payer_id}" if payer_id else f"N1*PR*{payer}",
        "N3*1 MADE-UP PLAZA",
        "N4*SAMPLEVILLE*NJ*07000",
        "PER*BL*PROVIDER HELP*TE*8005550100*UR*WWW.BLUE.EXAMPLE",
        f"N1*PE*{payee}*XX*{npi}" if npi else f"N1*PE*{payee}*FI*{tax_id}",
        f"REF*TJ*{tax_id}" if tax_id and npi else "",
    ]
    lines = [bpr, ("TRN", "1", trace, origin, supplement)]
    lines += raw_lines(standing if head is None else head) + raw_lines(extra)
    for number, one in enumerate(claims, start=1):
        lines += [("LX", str(number))] if lx else []
        lines += lines_of_claim(one)
    lines += [line_of_plb(one) for one in plb]
    st: Line = ("ST", "835", control, version)
    return EraSet(control, (st, *lines, ("SE", str(len(lines) + 2), control)))


def era(*claims: EraClaim, **settings: Any) -> str:
    """A file of one transaction: what `remittance` and `file_of` take, together."""
    known = ("delimiters", "wrap", "interchange", "group", "test")
    outer = {name: settings.pop(name) for name in known if name in settings}
    return file_of(remittance(*claims, **settings), **outer)


def file_of(
    *sets: EraSet,
    delimiters: Delimiters = _USUAL,
    wrap: str = "lines",
    interchange: str = "000000905",
    group: str = "77",
    test: bool = False,
) -> str:
    """An interchange of one group. ``wrap``: ``lines``, ``crlf``, ``none`` or columns as ``80``."""
    isa = (
        *("ISA", "00", " " * 10, "00", " " * 10, "ZZ", "BLUE".ljust(15), "ZZ"),
        *("SPRINGS".ljust(15), "260319", "0830", delimiters.repetition, "00501", interchange),
        *("0", "T" if test else "P", delimiters.component),
    )
    gs = ("GS", "HP", "BLUE", "SPRINGS", "20260319", "0830", group, "X", "005010X221A1")
    inside = [line for one in sets for line in one.lines]
    lines: list[Line] = [isa, gs, *inside, ("GE", str(len(sets)), group), ("IEA", "1", interchange)]
    segments = [written(line, delimiters) + delimiters.terminator for line in lines]
    if wrap == "lines":
        return "".join(one if one.endswith("\n") else f"{one}\n" for one in segments)
    if wrap == "crlf":
        return "".join(f"{one}\r\n" for one in segments)
    text = "".join(segments)
    if wrap == "none":
        return text
    width = int(wrap)
    return "\r\n".join(text[at : at + width] for at in range(0, len(text), width))


def _person(kind: str, person: Sequence[str], qualifier: str = "MI") -> str:
    last, first, member = (*person, "", "")[:3]
    return f"NM1*{kind}*1*{last}*{first}" + (f"****{qualifier}*{member}" if member else "")


def _company(kind: str, company: Sequence[str]) -> str:
    name, ident = (*company, "")[:2]
    return f"NM1*{kind}*2*{name}" + (f"*****PI*{ident}" if ident else "")


def _text(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01')):f}".rstrip("0").rstrip(".")


def _sum(amounts: Iterable[str]) -> str:
    return _text(sum((Decimal(one) for one in amounts), Decimal(0)))


def _less(amount: str, cas: str) -> str:
    return _text(Decimal(amount) - sum(Decimal(one[2]) for one in trios_of(cas)))


def _minus(amount: str) -> str:
    return _text(-Decimal(amount))


def _turned(cas: str) -> str:
    return " ".join(
        f"{group}{reason}={_minus(amount)}{f'x{quantity}' if quantity else ''}"
        for group, reason, amount, quantity in trios_of(cas)
    )
