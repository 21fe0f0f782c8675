"""What today's claims say of themselves: in the foot, on the button, and after building."""

from __future__ import annotations

from fscdesk.services.claims.today import BuiltToday, Today
from fscdesk.ui.text import count_text, money_text


def send_verb(today: Today | None) -> str:
    """Return what the primary button says."""
    if today is None or not today.batch.going:
        return "Send claims"
    return f"Send {count_text(len(today.batch.going), 'claim')}"


def off_words(today: Today | None) -> str:
    """Return why nothing can be sent now, or ""."""
    if today is None:
        return "The claims are looked at first."
    if not today.may_send:
        return "Sending claims is not among your rights."
    return "" if today.batch.going else "No claim is ready to go."


def foot_words(today: Today) -> str:
    """Return what is not done yet, and what stands in the way of it."""
    mend, behind = len(today.to_mend), len(today.behind)
    going = len(today.batch.going)
    said = [f"{count_text(going, 'claim')} can go." if going else "Nothing is ready to go."]
    if mend:
        stay = "stays" if mend == 1 else "stay"
        it = "it is" if mend == 1 else "they are"
        said.append(f"{count_text(mend, 'claim')} {stay} behind unless {it} mended.")
    if behind:
        wait = "waits" if behind == 1 else "wait"
        said.append(f"{behind} more {wait}." if mend else f"{count_text(behind, 'claim')} {wait}.")
    if today.batch.electronic and today.batch.outbox is None:
        said.insert(0, "No outbox is set: no file will be written (Setup, Claim files).")
    if today.batch.electronic and today.batch.test:
        said.append("The file is a test: its claims are not sent and stay ready.")
    return " ".join(said)


def built_words(built: BuiltToday) -> str:
    """Return what building did, for the message bar."""
    total = money_text(built.total, zero_dash=False)
    first, later = built.claims - built.later_claims, built.later_claims
    ready = built.sessions - built.later_sessions
    said = []
    if first or not later:
        said.append(f"{count_text(first, 'claim')} of {count_text(ready, 'session')}")
    if later:
        whom = "a later payer" if later == 1 else "later payers"
        said.append(f"{count_text(later, 'claim')} to {whom}")
    many = " and ".join(said)
    words = f"{many} built, {total}."
    if built.left_out:
        left = count_text(built.left_out, "session")
        one = built.left_out == 1
        words += f" {left} {'is' if one else 'are'} left out; the list says why."
    return words
