"""A claim of a remittance in words: what the payer says, what was posted, what will happen."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.answered import FORWARDED, Cas
from fscdesk.services.remittances.beside import ClaimBeside
from fscdesk.services.remittances.detail import Fate, PageClaim, PagePlb
from fscdesk.services.remittances.reasons import carc, rarc
from fscdesk.ui.screens.remittances.wording import (
    COMPUTED,
    PLB_KINDS,
    WHY,
    against,
    client_said,
    denied,
    expected_pay,
    under,
)
from fscdesk.ui.text import day_text, money_text, short_day_text


class Whole(enum.Enum):
    """How the whole remittance stands: it goes, it is stopped, or somebody has set it aside."""

    GOES = enum.auto()
    STOPPED = enum.auto()
    ASIDE = enum.auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing said: a code or word, what it means, an amount, and more below."""

    code: str
    words: str
    amount: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Follows:
    """One thing that will happen, or did."""

    words: str
    icon: str = "circle-check"


def sayings(claim: PageClaim, beside: ClaimBeside) -> list[Saying]:
    """Return what the payer says of a claim, in words, with what is behind each amount."""
    found: list[Saying] = []
    if claim.fate is Fate.UNPOSTED:
        words = "It stays" if claim.why is None else WHY[claim.why]
        found.append(Saying("Stays", words, more=_sentence(claim.words)))
    elif claim.words:
        found.append(Saying("Note", _sentence(claim.words)))
    said = [(line.code, line.words) for line in claim.lines if line.words != claim.words]
    found += [Saying(code, _sentence(words)) for code, words in dict.fromkeys(said) if words]
    found += [
        Saying("Posted", f"{day_text(one.day)}, {one.number}", _m(one.paid))
        for one in beside.earlier
    ]
    found += [_cas(code, amount, claim) for code, amount in _sums(claim).items()]
    found += [
        Saying(code, reason.words if reason is not None else "A remark of the payer")
        for code in dict.fromkeys((*claim.remarks, *_line_remarks(claim)))
        for reason in (rarc(code),)
    ]
    found.append(Saying("Paid", _codes(claim), _m(claim.paid), _expected(claim)))
    if any(line.allows is not None for line in claim.lines):
        allowed = sum((line.allows or ZERO for line in claim.lines), ZERO)
        computed = any(line.allows_computed for line in claim.lines)
        words = COMPUTED if computed else "As the payer says"
        found.append(Saying("Allowed", words, _m(allowed)))
    if under(claim):
        found.append(Saying("Under", f"{_m(under(claim))} less than agreed", _m(under(claim))))
    return [*found, _client(claim)]


def _codes(claim: PageClaim) -> str:
    """Return the payer's codes; where it recoded a service, what was billed beside them."""
    said = (
        line.code
        if not line.billed_code or line.billed_code == line.code
        else f"{line.code} for our {line.billed_code}"
        for line in claim.lines
    )
    return ", ".join(dict.fromkeys(said))


def corrected_saying(claim: PageClaim) -> Saying:
    """Return what the payer says instead of what it takes back."""
    return Saying("Instead", f"payer claim {claim.payer_number}", _m(claim.paid), _changes(claim))


def follows(
    claim: PageClaim,
    beside: ClaimBeside,
    *,
    held: bool,
    agreed: bool,
    whole: Whole = Whole.GOES,
) -> list[Follows]:
    """Return what posting makes of a claim, or has made; ``whole`` is how the remittance stands."""
    if whole is Whole.ASIDE:
        return [Follows("Nothing: all of the remittance is set aside", "lock")]
    if whole is Whole.STOPPED and not claim.posted and claim.fate is not Fate.CLOSED:
        return [Follows("Nothing while the remittance is stopped: see above", "octagon-alert")]
    if claim.fate is Fate.CLOSED:
        return [Follows("Nobody works on it any more; its money stays with the check", "lock")]
    if held and not claim.posted:
        return [Follows("Nothing now: it is held, and its money stays with the check", "pause")]
    if claim.fate is Fate.UNPOSTED and not agreed:
        return [
            Follows("Nothing of it is posted; it waits in the work queue", "inbox"),
            Follows(f"{_m(max(claim.paid, ZERO))} stays with the check", "banknote"),
        ]
    if claim.reversal:
        return [
            Follows(f"{_m(-claim.paid)} goes back to the payer's side", "undo-2"),
            Follows("What it had adjusted is taken back as it was posted", "rotate-ccw"),
            Follows("The client's share is not charged for it", "shield-check"),
        ]
    return _follows_posted(claim, beside)


def plb_sayings(plb: PagePlb) -> list[Saying]:
    """Return what is said of an amount beside the claims."""
    words = PLB_KINDS[plb.kind]
    taken = "taken from the check" if plb.amount >= ZERO else "added to the check"
    found = [Saying(plb.reason, words, _m(abs(plb.amount)), taken)]
    if plb.reference:
        found.append(Saying("Reference", plb.reference))
    if plb.words:
        found.append(Saying("Note", _sentence(plb.words)))
    if plb.open:
        found.append(Saying("Open", "of it is not settled yet", _m(abs(plb.open))))
    return found


def _follows_posted(claim: PageClaim, beside: ClaimBeside) -> list[Follows]:
    days = list(dict.fromkeys(line.day for line in claim.lines if line.day is not None))
    code = denied(claim)
    becomes = "denied" if code else "approved; paid once nothing of it is open"
    stands = "denied" if code else "answered"
    found = [Follows(f"Session {short_day_text(day)} becomes {becomes}") for day in days]
    if claim.returned and claim.paid > ZERO:
        found = [Follows(f"{_m(claim.paid)} is owed again: its money went back", "undo-2")]
    elif claim.posted:
        found = [Follows(f"Session {short_day_text(day)} is {stands}") for day in days]
    off = sum((line.wrote_off for line in claim.lines), ZERO)
    if off:
        found.append(Follows(f"{_m(off)} is written off", "circle-minus"))
    if claim.status in FORWARDED or claim.forwarded_to:
        to = claim.forwarded_to or "the next payer"
        found.append(Follows(f"It went on to {to}; the client waits for that answer", "send"))
    share = sum((line.to_patient for line in claim.lines), ZERO)
    if share:
        turns = "more to the client" if share > ZERO else "is the client's no longer"
        found.append(Follows(f"{_m(abs(share))} {turns}", "user"))
    whom = f", for {beside.assigned}" if beside.assigned else ""
    if code:
        found.append(Follows(f"Work item: denied {code}{whom}", "circle-plus"))
        if beside.appeal_on is not None:
            found.append(Follows(f"Appeal by {day_text(beside.appeal_on)}", "alarm-clock"))
        if beside.correct_on is not None:
            found.append(Follows(f"Correct by {day_text(beside.correct_on)}", "alarm-clock"))
    elif under(claim):
        found.append(Follows(f"Underpaid {_m(under(claim))}: ask the payer{whom}", "circle-plus"))
    return found


def _sums(claim: PageClaim) -> dict[str, int]:
    """Return the adjustments of a claim and its lines, summed by code, in their order."""
    found: dict[str, int] = {}
    every: list[Cas] = [*claim.adjustments]
    for line in claim.lines:
        every += line.adjustments
    for one in every:
        found[one.code] = found.get(one.code, 0) + one.cents
    return found


def _cas(code: str, cents: int, claim: PageClaim) -> Saying:
    reason = carc(code.partition("-")[2])
    words = "A reason that is not on the list" if reason is None else reason.words
    more = ""
    if reason is not None and any(line.denied == code for line in claim.lines):
        more = reason.remedy
        if reason.document:
            more = f"{more} Attach: {reason.document}."
    return Saying(code, words, _m(Money(cents)), more)


def _line_remarks(claim: PageClaim) -> list[str]:
    return [code for line in claim.lines for code in line.remarks]


def _expected(claim: PageClaim) -> str:
    if claim.reversal or denied(claim):
        return ""
    known = [expected_pay(line) for line in claim.lines]
    amounts = [one for one in known if one is not None]
    if len(amounts) < len(known) or not amounts:
        return "What was agreed is not known."
    off = [found for line in claim.lines if (found := against(line))]
    total = _m(sum(amounts, ZERO))
    return f"The fee schedule expects {total}." if off else "As expected."


def _client(claim: PageClaim) -> Saying:
    share = sum((client_said(line) for line in claim.lines), ZERO)
    if claim.reversal:
        return Saying("Client", "Nothing changes by this", "")
    if not share:
        said = "Payer gave no PR amount, so the client owes nothing."
        return Saying("Client", "Nothing", _m(share), said)
    return Saying("Client", "The client's share", _m(share))


def _changes(claim: PageClaim) -> str:
    return ", ".join(f"{code} {_m(Money(cents))}" for code, cents in _sums(claim).items())


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _m(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
