"""What the window is put together from: its screens, its search, its commands, its counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module

from PySide6.QtWidgets import QWidget

from fscdesk.services.banking.bank_waiting import lines_waiting
from fscdesk.services.office import Office
from fscdesk.services.queue.claims import claims_waiting
from fscdesk.services.queue.listing_items import item_counts
from fscdesk.services.searching import find_anything
from fscdesk.services.sessions.queries import session_counts
from fscdesk.services.setup.settings import setting
from fscdesk.services.work import Work
from fscdesk.ui.app import Screens
from fscdesk.ui.main_window import Hooks, MainWindow
from fscdesk.ui.screen import PracticeFacts, Shell
from fscdesk.ui.screens.payments.waiting import waiting_here
from fscdesk.ui.search import Hit

_SCREENS = {
    "home": ("fscdesk.ui.screens.home.screen", "HomeScreen"),
    "queue": ("fscdesk.ui.screens.queue", "QueueScreen"),
    "sessions": ("fscdesk.ui.screens.sessions", "SessionsScreen"),
    "claims": ("fscdesk.ui.screens.claims", "ClaimsScreen"),
    "claim": ("fscdesk.ui.screens.claims.claim_page", "ClaimScreen"),
    "claim-build": ("fscdesk.ui.screens.claims.build_screen", "ClaimBuildScreen"),
    "claim-answers": ("fscdesk.ui.screens.claims.answers_screen", "ClaimAnswersScreen"),
    "portal-round": ("fscdesk.ui.screens.claims.round_screen", "RoundScreen"),
    "importing": ("fscdesk.ui.screens.importing.screen", "ImportScreen"),
    "patients": ("fscdesk.ui.screens.patients", "PatientsScreen"),
    "payments": ("fscdesk.ui.screens.payments.screen", "PaymentsScreen"),
    "payment-entry": ("fscdesk.ui.screens.payments.entry_screen", "EntryScreen"),
    "remittance": ("fscdesk.ui.screens.remittances.page_screen", "RemittanceScreen"),
    "statements": ("fscdesk.ui.screens.billing", "BillingScreen"),
    "aging": ("fscdesk.ui.screens.aging.screen", "AgingScreen"),
    "reconciliation": ("fscdesk.ui.screens.reconciliation.screen", "ReconciliationScreen"),
    "accounting": ("fscdesk.ui.screens.accounting", "AccountingScreen"),
    "reports": ("fscdesk.ui.screens.reports.screen", "ReportsScreen"),
    "setup": ("fscdesk.ui.screens.setup", "SetupScreen"),
}
"""Where each place's screen is; it is loaded when the place is opened first."""
_ICONS = {
    "patient": "users",
    "session": "calendar-days",
    "payment": "banknote",
    "import": "file-input",
    "claim": "file-text",
}


def facts_of(office: Office) -> PracticeFacts:
    """Return what every screen may show of the practice, with its own word for a client."""
    word = str(office.read(lambda work: setting(work, "patient_word")))
    return PracticeFacts(
        name=office.name,
        user=office.actor.name,
        zone=office.zone,
        patient=word,
        patients=f"{word}s",
    )


def screens_of(hooks: Hooks | None = None) -> Screens:
    """Return the screens that there are; a place without one is not shown."""
    return Screens(
        makers={place: partial(_make, *screen) for place, screen in _SCREENS.items()},
        providers=(_hits,),
        hooks=replace(hooks or Hooks(), import_newest=_import_newest, choose_files=_choose_files),
        counts=_counts,
    )


def _make(module: str, name: str, shell: Shell) -> QWidget:
    screen: Callable[[Shell], QWidget] = getattr(import_module(module), name)
    return screen(shell)


def _hits(work: Work, typed: str) -> Sequence[Hit]:
    return [
        Hit(found.kind, found.title, found.detail, (found.place, found.what), _ICONS[found.kind])
        for found in find_anything(work, typed)
    ]


def _import_newest(shell: Shell) -> None:
    """Import what belongs to the place in front: a bank's file there, else an export."""
    front = shell.screen_in_front() if isinstance(shell, MainWindow) else None
    own = getattr(front, "import_newest", None)
    if own is not None:
        own()
    else:
        shell.open("importing", newest=True)


def _choose_files(shell: Shell) -> None:
    shell.open("importing", choose=True)


def _counts(work: Work) -> Mapping[str, int]:
    return {
        "queue": item_counts(work).views["all"],
        "sessions": session_counts(work).get("unbilled", 0),
        "payments": waiting_here(work),
        "claims": claims_waiting(work),
        "reconciliation": lines_waiting(work),
    }
