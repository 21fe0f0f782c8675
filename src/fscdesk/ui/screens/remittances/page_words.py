"""What a remittance's page says of the whole: the button that posts, the notice, what was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.detail import Fate, PageClaim, RemittancePage
from fscdesk.services.remittances.listing import RemittanceOrigin, RemittanceStatus
from fscdesk.services.remittances.posting import PostedRemittance
from fscdesk.services.remittances.undoing import UndoneRemittance
from fscdesk.ui.screens.claims.claim_page_words import Notice
from fscdesk.ui.text import count_text, day_text, money_text


@dataclass(frozen=True, slots=True)
class Going:
    """What Ctrl+Enter would post: positions, how much, and why it cannot (or "")."""

    positions: frozenset[int]
    amount: Money
    off_because: str = ""

    def words(self, page: RemittancePage) -> str:
        """Return what the button says."""
        many = f"{len(self.positions):,} of {count_text(len(page.claims), 'claim')}"
        return f"Post {many}, {money_text(self.amount, zero_dash=False)}"


def going(page: RemittancePage, held: Collection[int], agreed: Collection[int]) -> Going:
    """Return what posting would post now."""
    claims = [one for one in page.claims if _goes(one, held, agreed)]
    amount = sum((one.paid for one in claims), ZERO)
    if page.posted == 0:
        amount -= page.plb_total
    return Going(frozenset(one.position for one in claims), amount, _off(page, claims))


def notice_of(page: RemittancePage) -> Notice | None:
    """Return what stands above the claims: why nothing posts, or that it contradicts another."""
    row = page.row
    if page.conflict_id is not None and row.status is RemittanceStatus.STOPPED:
        return Notice(
            f"{page.conflict_number} has the same check and says something else",
            "Nothing of this one is posted. Look at the other under More; then set this one aside"
            " claim by claim, or let it go on.",
            "orange",
            "octagon-alert",
        )
    if page.returned:
        return _returned(page)
    if row.payer_id is None:
        return Notice(
            "Nobody knows yet whose remittance this is",
            f"The file says “{row.payer}”. Choose the payer; its claims are looked for again.",
            "orange",
            "circle-question-mark",
        )
    if row.origin is RemittanceOrigin.TYPED and page.stop:
        title = "Undone: nothing of it is in the books"
        return Notice(title, page.stop, "neutral", "undo-2")
    if page.stop:
        title = "Stopped: nothing of it is posted"
        return Notice(title, _off_by(page), "orange", "octagon-alert")
    if page.oddities:
        return Notice("The file is odd", " ".join(page.oddities[:3]), "amber", "info")
    return None


def posted_words(done: PostedRemittance, claims: int) -> str:
    """Return what posting did."""
    money = f"{_m(done.amount - done.left)} of {_m(done.amount)}" if done.left else _m(done.amount)
    words = f"{done.claims:,} of {count_text(claims, 'claim')} posted, {money}:"
    words = f"{words} {done.payment_number}."
    if done.denied:
        words += f" {done.denied:,} denied, in the work queue."
    if done.unposted:
        verb = "stays" if done.unposted == 1 else "stay"
        words += f" {done.unposted:,} {verb} with {_m(done.left)} of the check."
    return words


def undone_words(done: UndoneRemittance) -> str:
    """Return what undoing did."""
    again = "It can be typed in anew." if done.typed else "It can be posted anew."
    return (
        f"{count_text(done.claims, 'claim')} of {done.number} out of the books again,"
        f" {count_text(done.entries, 'entry', 'entries')} reversed. {again}"
    )


def _returned(page: RemittancePage) -> Notice:
    """Say that its money went back, and what to do: that stands as long as nothing replaced it."""
    if not page.row.returned:
        return Notice("Its money went back, and came again", page.returned, "neutral", "undo-2")
    return Notice(
        "The bank took its money back",
        f"{page.returned} Its claims are open again; what was taken off and what is the client's"
        " stands. Post the remittance that pays it again, or undo this one.",
        "red",
        "undo-2",
    )


def _goes(one: PageClaim, held: Collection[int], agreed: Collection[int]) -> bool:
    if one.posted or one.fate is Fate.CLOSED or one.position in held:
        return False
    return one.fate is Fate.POSTED or one.position in agreed


def _off(page: RemittancePage, claims: list[PageClaim]) -> str:
    row = page.row
    if row.status is RemittanceStatus.POSTED:
        when = "" if row.posted_at is None else f" by {row.posted_by}"
        return f"It is posted{when}."
    if row.payer_id is None:
        return "Choose the payer first."
    if page.stop:
        return page.stop
    if not claims and page.claims:
        return "Nothing of it can be posted now."
    return ""


def _off_by(page: RemittancePage) -> str:
    parts = [page.stop]
    if page.check_off:
        parts.append(f"Check of {day_text(page.row.paid_on)} is off by {_m(page.check_off)}.")
    if page.claims_off:
        parts.append(f"Claims that do not add up: {page.claims_off:,}.")
    if page.services_off:
        parts.append(f"Lines that do not add up: {page.services_off:,}.")
    return " ".join(parts)


def _m(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
