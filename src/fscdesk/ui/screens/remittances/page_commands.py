"""The commands of a remittance's page, and when each of them can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from fscdesk.services.remittances.detail import Fate, PageClaim, PagePlb, RemittancePage
from fscdesk.services.remittances.listing import RemittanceOrigin, RemittanceStatus
from fscdesk.ui.actions import Menu, action, off_because
from fscdesk.ui.screens.remittances.choosing_charge import has_chosen, may_choose
from fscdesk.ui.screens.remittances.page_questions import PageQuestions
from fscdesk.ui.screens.remittances.page_words import Going
from fscdesk.ui.screens.remittances.wording import AGREEABLE, under

ASIDE_KEY: Final = "Ctrl+Shift+S"
ALL_ASIDE, TAKE_UP = "Set all of it aside…", "Take it up again"


class PageActs(Protocol):
    """What the commands ask of the page."""

    def post(self) -> None:
        """Post what goes."""

    def hold(self) -> None:
        """Hold or release the current claim."""

    def agree(self) -> None:
        """Let the current claim be posted all the same, or no more."""

    def match_again(self) -> None:
        """Look again whose claims it is about."""

    def toggle_text(self) -> None:
        """Show the file's text, or the claims again."""

    def open_claim(self) -> None:
        """Open our claim."""

    def open_underpaid(self) -> None:
        """Show what of the current claim was paid too low."""

    def open_conflict(self) -> None:
        """Open the remittance that says something else."""

    def newer(self) -> None:
        """Go to the newer remittance."""

    def older(self) -> None:
        """Go to the older remittance."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the commands go by: the page, what is current, and what is held or agreed to."""

    page: RemittancePage
    unit: PageClaim | PagePlb | None
    going: Going
    held: bool = False
    agreed: bool = False
    posting: bool = False


class PageCommands:
    """Makes the actions, gives them to the page, and switches them.

    ``ask`` returns what asks in the pane; the pane is made after the commands.
    """

    def __init__(self, owner: QWidget, acts: PageActs, ask: Callable[[], PageQuestions]) -> None:
        self.post = action(owner, "Post", acts.post)
        self.hold = action(owner, "Hold this claim", acts.hold)
        self.match = action(owner, "Match again", acts.match_again, "Ctrl+L")
        self.agree = action(owner, "Post it all the same", acts.agree)
        self.aside = action(owner, "Set aside…", lambda: ask().aside())
        self.aside_all = action(owner, ALL_ASIDE, lambda: ask().aside_all(), ASIDE_KEY)
        self.payer = action(owner, "Choose the payer…", lambda: ask().payer())
        self.charge = action(owner, "Choose the charge…", lambda: ask().charge(), "Ctrl+Shift+M")
        self.forget = action(owner, "Take the choice back", lambda: ask().forget())
        self.go_on = action(owner, "Let it go on…", lambda: ask().go_on())
        self.undo_claim = action(owner, "Take this claim back…", lambda: ask().undo_claim())
        self.undo = action(owner, "Undo this remittance…", lambda: ask().undo())
        self.sent_back = action(owner, "Undo all of it…", lambda: ask().undo())
        self.text = action(owner, "835 text", acts.toggle_text)
        self.claim = action(owner, "Open the claim", acts.open_claim)
        self.underpaid = action(owner, "Show what is short", acts.open_underpaid)
        self.conflict = action(owner, "Show the other remittance", acts.open_conflict)
        self.newer = action(owner, "Newer remittance", acts.newer, "Ctrl+Up", repeats=True)
        self.older = action(owner, "Older remittance", acts.older, "Ctrl+Down", repeats=True)

    def seconds(self) -> tuple[tuple[QAction, str], ...]:
        """Return the buttons of the pane, with their icons."""
        return (
            (self.hold, "pause"),
            (self.agree, "check-check"),
            (self.aside, "lock"),
            (self.payer, "building-2"),
            (self.charge, "waypoints"),
            (self.match, "link-2"),
            (self.undo_claim, "undo-2"),
            (self.sent_back, "undo-2"),
            (self.underpaid, "triangle-alert"),
            (self.conflict, "scroll-text"),
            (self.go_on, "play"),
            (self.aside_all, "lock"),
        )

    def fill(self, menu: Menu) -> None:
        """Put into the menu what can be done besides."""
        for one in (
            *(
                self.match,
                self.agree,
                self.aside,
                self.payer,
                self.charge,
                self.forget,
                self.go_on,
                self.aside_all,
                self.undo_claim,
            ),
            *(self.undo, self.claim, self.underpaid, self.conflict),
        ):
            if one.isVisible() and one.isEnabled():
                menu.add(one.text(), one.trigger, key=one.shortcut().toString())

    def follow(self, now: Standing) -> None:
        """Switch each command as the page stands."""
        page, claim = now.page, now.unit if isinstance(now.unit, PageClaim) else None
        row = page.row
        # An EOB that was typed in stands or falls as a whole, with its payment.
        typed = row.origin is RemittanceOrigin.TYPED
        open_ = row.status is not RemittanceStatus.POSTED and not typed and not page.aside
        waits = claim is not None and not claim.posted and claim.fate is not Fate.CLOSED
        stays = waits and claim is not None and claim.fate is Fate.UNPOSTED
        closed = claim is not None and claim.fate is Fate.CLOSED and not page.aside
        self.post.setText(now.going.words(page))
        # A button that can do nothing is not there; the notice says why.
        self.post.setVisible(open_ and not now.going.off_because)
        off_because(self.post, "It is posted just now." if now.posting else "")
        self.hold.setText("Release this claim" if now.held else "Hold this claim")
        self.hold.setVisible(open_ and waits and not stays and not page.stop)
        may_agree = stays and claim is not None and claim.why in AGREEABLE and not page.stop
        self.agree.setText("Let it wait" if now.agreed else "Post it all the same")
        self.agree.setVisible(may_agree)
        self.aside.setText("Take it up again" if closed else "Set aside…")
        self.aside.setVisible((open_ and stays and not page.stop) or closed)
        waiting = row.status in (RemittanceStatus.TO_POST, RemittanceStatus.STOPPED)
        self.aside_all.setText(TAKE_UP if page.aside else ALL_ASIDE)
        self.aside_all.setVisible(page.aside or (open_ and waiting and bool(now.going.off_because)))
        self.payer.setVisible(open_ and row.payer_id is None)
        mine = open_ and stays and claim is not None
        self.charge.setVisible(mine and claim is not None and may_choose(claim))
        self.forget.setVisible(open_ and waits and claim is not None and has_chosen(claim))
        self.match.setVisible(open_ and not may_agree)
        # What does not balance, or is a test, no look makes right: only another file does.
        fixed = bool(page.check_off) or row.test
        self.go_on.setVisible(row.status is RemittanceStatus.STOPPED and not fixed)
        alone = claim is not None and claim.posted and not page.returned and not typed
        self.undo_claim.setVisible(alone)
        self.undo.setVisible(row.payment_id is not None and page.posted > 0)
        self.sent_back.setVisible(row.returned)
        self.text.setVisible(bool(page.file_name))
        self.claim.setVisible(claim is not None and claim.claim_id is not None)
        short = claim is not None and claim.posted and bool(under(claim))
        self.underpaid.setVisible(short)
        self.conflict.setVisible(page.conflict_id is not None)
