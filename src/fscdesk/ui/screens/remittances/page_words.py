"""What a remittance's page says of the whole: the button that posts, the notice, what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.certain import ExplainedMoney
from fscdesk.services.remittances.detail import Fate, PageClaim, RemittancePage
from fscdesk.services.remittances.listing import RemittanceOrigin, RemittanceStatus
from fscdesk.services.remittances.needs import Need, NeedKind
from fscdesk.services.remittances.posting import PostedRemittance
from fscdesk.services.remittances.undoing import UndoneRemittance
from fscdesk.ui.screens.claims.claim_page_words import Notice
from fscdesk.ui.screens.remittances.beside_words import Whole
from fscdesk.ui.screens.remittances.wording import AGREEABLE
from fscdesk.ui.text import count_text, day_text, money_text

_NOTHING: Final = "Nothing of it can be posted now."
_TO_DO: Final[Mapping[NeedKind, str]] = MappingProxyType(
    {
        NeedKind.DENIED: "denied",
        NeedKind.TO_EXPLAIN: "to explain",
        NeedKind.UNDERPAID: "underpaid",
    }
)
_HELD: Final = "What could be posted is held."
_WAITING: Final = (
    *(RemittanceStatus.TO_POST, RemittanceStatus.PARTLY),
    RemittanceStatus.UNDONE,
)


@dataclass(frozen=True, slots=True)
class Going:
    """What Ctrl+Enter would post: positions, how much, and why it cannot (or "")."""

    positions: frozenset[int]
    amount: Money
    off_because: str = ""

    def words(self, page: RemittancePage) -> str:
        """Return what the button says."""
        if not page.claims:
            return f"Post what stands beside the claims, {money_text(self.amount, zero_dash=False)}"
        many = f"{len(self.positions):,} of {count_text(len(page.claims), 'claim')}"
        return f"Post {many}, {money_text(self.amount, zero_dash=False)}"


ASIDE_TOO: Final = "Ctrl+Shift+S sets all of it aside."


def going(page: RemittancePage, held: Collection[int], agreed: Collection[int]) -> Going:
    """Return what posting would post now."""
    claims = [one for one in page.claims if _goes(one, held, agreed)]
    amount = sum((one.paid for one in claims), ZERO)
    if page.posted == 0:
        amount -= page.plb_total
    return Going(frozenset(one.position for one in claims), amount, _off(page, claims, agreed))


def notice_of(page: RemittancePage, off_because: str = "") -> Notice | None:
    """Return what stands above the claims: why nothing posts, and what to do about it.

    ``off_because`` says why nothing of it goes just now (of `Going`).
    """
    row = page.row
    if page.aside:
        return Notice(
            "Set aside: nothing of it is in the books",
            f"{page.stop.removesuffix('.')}. It can be taken up again.",
            "neutral",
            "lock",
        )
    if page.conflict_id is not None and row.status is RemittanceStatus.STOPPED:
        if page.conflict_stop:
            other = page.conflict_number
            return Notice(
                f"{other} has the same check and says something else; it is stopped itself",
                f"Nothing of either is posted. {other}: {page.conflict_stop} Where it is the wrong"
                f" one, set {other} aside, then let this one go on.",
                "orange",
                "octagon-alert",
            )
        return Notice(
            f"{page.conflict_number} has the same check and says something else",
            f"Nothing of this one is posted. Look at {page.conflict_number}; then let this one go"
            f" on instead, or keep the other: {ASIDE_TOO}",
            "orange",
            "octagon-alert",
        )
    if page.returned:
        return _returned(page)
    if row.payer_id is None:
        return Notice(
            "Nobody knows yet whose remittance this is",
            f"The file says “{row.payer}”. Choose the payer; its claims are looked for again. If"
            f" it is not for you: {ASIDE_TOO}",
            "orange",
            "circle-question-mark",
        )
    if row.origin is RemittanceOrigin.TYPED and page.stop:
        title = "Undone: nothing of it is in the books"
        return Notice(title, page.stop, "neutral", "undo-2")
    if page.stop:
        title = "Stopped: nothing of it is posted"
        return Notice(title, f"{page.stop} {_next(page)}", "orange", "octagon-alert")
    if off_because and row.status in _WAITING and page.claims:
        return _nothing_goes(page, off_because)
    if page.oddities:
        return Notice("The file is odd", " ".join(page.oddities[:3]), "amber", "info")
    return None


def whole_of(page: RemittancePage) -> Whole:
    """Return how the whole stands, for the words of each claim."""
    if page.aside:
        return Whole.ASIDE
    return Whole.STOPPED if page.stop and not page.returned else Whole.GOES


def posted_words(done: PostedRemittance, claims: int, needs: Sequence[Need] = ()) -> str:
    """Return what posting did, and all the work that it made."""
    money = f"{_m(done.amount - done.left)} of {_m(done.amount)}" if done.left else _m(done.amount)
    words = f"{done.claims:,} of {count_text(claims, 'claim')} posted, {money}:"
    words = f"{words} {done.payment_number}."
    if done.explained is not None:
        words += f" {explained_words(done.explained)}"
    made = _made(needs)
    if made:
        words += f" {made}, in the work queue."
    if done.unposted:
        verb = "stays" if done.unposted == 1 else "stay"
        words += f" {done.unposted:,} {verb} with {_m(done.left)} of the check."
    return words


def explained_words(held: ExplainedMoney) -> str:
    """Return that the bank had the money before, and what waited for it."""
    return f"The bank had it on {day_text(held.on)}: {held.number} is explained by it."


def _made(needs: Sequence[Need]) -> str:
    """Return what is there to do: ``2 denied, 1 to explain``; empty where nothing is."""
    count = Counter(one.kind for one in needs)
    return ", ".join(f"{count[kind]:,} {_TO_DO[kind]}" for kind in NeedKind if count[kind])


def aside_words(number: str) -> str:
    """Return that nobody works on a remittance any more."""
    return f"{number} is set aside. Nothing of it is in the books; it can be taken up again."


def up_words(number: str) -> str:
    """Return that a remittance waits again."""
    return f"{number} waits again."


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


def _off(page: RemittancePage, claims: list[PageClaim], agreed: Collection[int]) -> str:
    row = page.row
    if row.status is RemittanceStatus.POSTED:
        when = "" if row.posted_at is None else f" by {row.posted_by}"
        return f"It is posted{when}."
    if row.payer_id is None:
        return "Choose the payer first."
    if page.stop:
        return page.stop
    if not claims and page.claims:
        return _HELD if any(_goes(one, (), agreed) for one in page.claims) else _NOTHING
    return ""


def _next(page: RemittancePage) -> str:
    """Return what to do with one of which nothing can be posted."""
    if page.row.test:
        return f"No look makes a test money. {ASIDE_TOO}"
    if page.check_off:
        return (
            f"Ask the payer for a correct file. {ASIDE_TOO} The correct file then comes in its"
            " place."
        )
    if page.row.status is RemittanceStatus.STOPPED:
        return f"Look at what differs, then let it go on. {ASIDE_TOO}"
    return ASIDE_TOO


def _nothing_goes(page: RemittancePage, why: str) -> Notice:
    """Say why the button that posts is not there, and what can be done instead."""
    if why == _HELD:
        return Notice(_HELD.removesuffix("."), "Space releases the current one.", "amber", "pause")
    stay = sum(1 for one in page.claims if one.fate is Fate.UNPOSTED)
    left = page.row.status is RemittanceStatus.PARTLY
    title = "What is left cannot be posted now" if left else "Nothing of it can be posted now"
    if not stay:
        words = "Each claim of it is set aside."
    else:
        said = "1 claim stays, and says" if stay == 1 else f"{stay:,} claims stay, and each says"
        words = f"{said} why. Mend that, and look again (Ctrl+L); or set it aside."
        if any(one.why in AGREEABLE for one in page.claims):
            words = f"{said} why. What is right can be posted all the same."
    if page.row.status is RemittanceStatus.TO_POST:
        words = f"{words} {ASIDE_TOO}"
    return Notice(title, words, "amber", "circle-question-mark")


def _m(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
