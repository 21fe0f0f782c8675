"""Billing codes of a file that the catalogue does not have: mangled, the practice's own, or new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from fscdesk.models.service import ServiceKind
from fscdesk.services.charges.catalogue import Catalogue, ServiceFacts
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.deriving import LOCKED, NO_CODE
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind
from fscdesk.services.importing.readers.appointments import AppointmentRow
from fscdesk.services.ledger.accounts import FEES, SERVICE_REVENUE

STANDARD = re.compile(r"\d{5}|[A-Z]\d{4}|\d{4}[A-Z]")
ADD_ONS = frozenset(
    {"90785", "90833", "90836", "90838", "90840", "96131", "96133", "96137", "96139"}
)
"""Codes that only stand beside another one; numbers only, their descriptors are not ours."""

_MEANINGS = (
    Option("late", "A fee for cancelling late"),
    Option("no_show", "A fee for not coming"),
    Option("session", "An ordinary service"),
)
_KINDS = {
    "late": ServiceKind.LATE_CANCEL_FEE,
    "no_show": ServiceKind.NO_SHOW_FEE,
    "session": ServiceKind.SESSION,
}


@dataclass(slots=True)
class Codes:
    """What the file's codes mean: mended spellings, new codes with a first rate, open questions."""

    renamed: dict[str, str] = field(default_factory=dict)
    new: dict[str, ServiceFacts] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)  # code: question id
    findings: list[Finding] = field(default_factory=list)


def resolve_codes(rows: Sequence[AppointmentRow], catalogue: Catalogue, asked: Asked) -> Codes:
    """Say what each code of the file is; new ones become known to ``catalogue`` for this plan."""
    found = Codes()
    users: dict[str, list[AppointmentRow]] = defaultdict(list)
    for row in rows:
        for line in row.codes:
            if catalogue.service(line.code or NO_CODE) is None:
                users[line.code or NO_CODE].append(row)
    insured = {row.client for row in rows if row.payer is not None} if users else set()
    lost = _without_zeros(catalogue)
    for code, using in users.items():
        if code in lost:
            _ask_about_zeros(code, lost[code], using, asked, found)
        if code not in found.renamed and code not in found.waiting:
            kind = _kind_of(code, using, insured, asked)
            _make(code, kind, using, catalogue, found)
    return found


def _without_zeros(catalogue: Catalogue) -> dict[str, str]:
    """Return what a spreadsheet makes of the codes that begin with zero."""
    return {code.lstrip("0"): code for code in catalogue.codes() if code.startswith("0")}


def _ask_about_zeros(
    code: str, known: str, using: Sequence[AppointmentRow], asked: Asked, found: Codes
) -> None:
    question = Question(
        id=f"code:{code}",
        kind=QuestionKind.CODE,
        text=f"Is code {code} the code {known}?",
        detail="A spreadsheet takes leading zeros away when it saves a file again.",
        options=(Option(f"use:{known}", f"Yes, {known}"), Option("new", f"No, {code} is new")),
        proposal=f"use:{known}",
        rows=len(using),
    )
    answer = asked.ask(question)
    if answer is None:
        found.waiting[code] = question.id
    elif answer != "new":
        found.renamed[code] = known


def _kind_of(
    code: str, using: Sequence[AppointmentRow], insured: set[str], asked: Asked
) -> ServiceKind:
    """Ask what a code of the practice's own means, where its rows look like a fee."""
    if code in ADD_ONS:
        return ServiceKind.ADD_ON
    looks_like_fee = STANDARD.fullmatch(code) is None and all(
        row.payer is None and row.fee > 0 and row.note_status.upper() != LOCKED for row in using
    )
    if not looks_like_fee:
        return ServiceKind.SESSION
    letters = code.upper()
    if "LC" in letters or "LATE" in letters:
        proposal = "late"
    elif "NS" in letters or any(row.client in insured for row in using):
        proposal = "no_show"
    else:
        proposal = None
    question = Question(
        id=f"code:{code}",
        kind=QuestionKind.CODE,
        text=f"What is code {code}?",
        detail="No payer and no signed note on any of its rows. Kept as a service of yours; "
        "Setup, Services can change it.",
        options=_MEANINGS,
        proposal=proposal,
        rows=len(using),
        blocking=False,
    )
    answer = asked.ask(question)
    return _KINDS[answer or "session"]


def _make(
    code: str,
    kind: ServiceKind,
    using: Sequence[AppointmentRow],
    catalogue: Catalogue,
    found: Codes,
) -> None:
    rate = next(one.rate for one in using[0].codes if (one.code or NO_CODE) == code)
    fee = kind in (ServiceKind.LATE_CANCEL_FEE, ServiceKind.NO_SHOW_FEE)
    service = ServiceFacts(
        id=-(len(found.new) + 1),
        code=code,
        kind=kind,
        base_rate=max(rate, 0),
        revenue_account=FEES if fee else SERVICE_REVENUE,
        late_cancel_fee=None,
        no_show_fee=None,
    )
    catalogue.add(service)
    found.new[code] = service
    found.findings.append(
        Finding(
            "new-code",
            f"Code {code} is new. It becomes a service of yours at {rate / 100:.2f} a unit; "
            "give it a name under Setup, Services.",
            f"line {using[0].lines[0]}",
            Severity.INFO,
        )
    )
