"""Renders every screen on the demo practice to PNG, light and dark, for people and the README."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.listing import ClaimFilter, page_of_claims
from fscdesk.services.connecting import open_office
from fscdesk.services.demo.building import build_demo, live
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.remittances.listing import next_to_post
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.app import start
from fscdesk.ui.dialogs.welcome import WelcomeDialog
from fscdesk.ui.main_window import MainWindow
from fscdesk.ui.offscreen import drawn, settle
from fscdesk.ui.preferences import Preferences
from fscdesk.ui.screens.patients import owing_patient
from fscdesk.ui.screens.payments.entry_example import guarantor_example, payer_example
from fscdesk.ui.tables.list_screen import ListPart

SMALL = (1280, 720)
MOST_S = 120.0
"""So long a picture is waited for on a machine that has much else to do."""
TABS = (
    "charges",
    "sessions",
    "payments",
    "invoices",
    "memos",
    "statements",
    "plan",
    "documents",
    "notes",
    "policies",
    "names",
    "details",
)
"""The tabs of an account that have a picture, besides the ledger."""
Stop = tuple[str, tuple[str, dict[str, object]]]
"""The name of a picture, and what is opened for it."""
SCHEMES: tuple[theme.Scheme, ...] = ("light", "dark")


def draw_screens(folder: Path, *, practice: str | None = None, sessions: int | None = None) -> int:
    """Write one PNG for each screen and scheme into ``folder``; return the exit status.

    Without ``practice`` a demo is made for it in a private folder and removed afterwards.
    Raises Problem when the folder does not exist and cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Problem(
            f"The folder {folder} cannot be made: {fault.strerror}.",
            hint="Nothing was drawn. Name another folder.",
        ) from None
    with tempfile.TemporaryDirectory(prefix="fscdesk-screens-") as name:
        private = Path(name)
        target = practice or str(private / "demo.fscdesk")
        if practice is None:
            build_demo(target, sessions=sessions)
        export = _next_export(private, sessions)
        preferences = Preferences(private / "look.ini")
        preferences.set_watched_folder(private)
        started = start(preferences, log=False)
        for scheme in SCHEMES:
            preferences.set_look(scheme)
            theme.apply(started.app, scheme, 100)
            _shoot_widget(WelcomeDialog(lambda _choice: None), folder / f"welcome-{scheme}.png")
            office = open_office(target)
            with drawn(office, started.app, preferences) as window:
                stops = [*_stops(office, export), *_entries(office, drafts=practice is None)]
                for title, what in stops:
                    _shoot(window, folder / f"{title}-{scheme}.png", what)
                window.resize(*SMALL)
                for place in ("sessions", "aging", "payment-entry"):
                    _shoot(window, folder / f"{place}-small-{scheme}.png", (place, {}))
            office.close()
        started.crash.uninstall()
    return 0


def _next_export(folder: Path, sessions: int | None) -> Path:
    """Write the demo's newest export with two rows gone, so that its plan has questions."""
    day = date.today()  # noqa: DTZ011 - the day that the demo was made on
    lines = live(today=day, sessions=sessions).export(day).splitlines(keepends=True)
    path = folder / "appointment-status-report.csv"
    path.write_text("".join(lines[:-9] + lines[-7:-3] + lines[-2:]), encoding="utf-8")
    return path


def _stops(office: Office, export: Path) -> Iterator[Stop]:
    """Yield the name of each picture and what is opened for it."""
    yield "home", ("home", {})
    yield "sessions", ("sessions", {"view": "waiting_on_payer"})
    yield "importing", ("importing", {})
    yield "import-plan", ("importing", {"files": [str(export)]})
    yield "patients", ("patients", {})
    patient = office.read(owing_patient)
    if patient is not None:
        for tab in (*TABS, "ledger", "explain"):
            yield f"patient-{tab}", ("patients", {"patient": patient, "tab": tab})
    yield "queue", ("queue", {})
    for tab in ("statements", "unsent", "invoices", "reminders", "write_offs", "collections"):
        yield f"billing-{tab}", ("statements", {"tab": tab})
    yield "billing-proof", ("statements", {"tab": "statements", "proof": True})
    for tab in (
        "remittances",
        "underpaid",
        "payments",
        "unapplied",
        "deposits",
        "clearing",
        "recoupments",
        "refunds",
        "approvals",
    ):
        yield f"payments-{tab}", ("payments", {"tab": tab})
    for view in ("ready", "held", "denied"):
        yield f"claims-{view}", ("claims", {"view": view})
    for tab in ("batches", "denials", "rates"):
        yield f"claims-{tab}", ("claims", {"tab": tab})
    yield "claim-build", ("claim-build", {})
    yield "portal-round", ("portal-round", {})
    denied = office.read(_denied_claim)
    if denied is not None:
        yield "claim", ("claim", {"claim": denied})
    waiting = office.read(next_to_post)
    if waiting is not None:
        yield "remittance", ("remittance", {"remittance": waiting})
    yield "aging", ("aging", {})
    yield "aging-cell", ("aging", {"key": EVERYBODY, "bucket": 2})
    yield from _books()
    for group in (
        *("practice", "people", "payers", "services", "rules", "bank", "policies"),
        "workstation",
    ):
        yield f"setup-{group}", ("setup", {"group": group})
    yield "setup-bank-files", ("setup", {"group": "bank", "tab": "layouts"})
    yield "setup-remittance-rules", ("setup", {"group": "rules", "tab": "remittances"})


def _books() -> Iterator[Stop]:
    """Yield the bank, the reports, and Accounting: the books, and what the office plans."""
    for tab in ("bank", "tie", "payers", "paid"):
        yield f"reconciliation-{tab}", ("reconciliation", {"tab": tab})
    yield "reconciliation-exceptions", ("reconciliation", {"tab": "exceptions"})
    for name in ("income", "balance-sheet", "cash-flow", "trial-balance", "payer-mix", "dso"):
        yield f"report-{name}", ("reports", {"report": name})
    for tab in (
        *("journal", "ledger", "chart", "periods"),
        *("budgets", "cost_centres", "recurring", "year_end", "opening"),
    ):
        yield f"accounting-{tab.replace('_', '-')}", ("accounting", {"tab": tab})
    yield "accounting-new-entry", ("accounting", {"tab": "journal", "new": True})


def _denied_claim(work: Work) -> int | None:
    page = page_of_claims(work, ClaimFilter(view="denied"), Span(0, 1, "deadline"))
    return page.rows[0].id if page.rows else None


def _entries(office: Office, *, drafts: bool) -> Iterator[Stop]:
    """Yield the payment entry of a guarantor and of a payer; only a demo is given drafts for it."""
    patient = office.read(owing_patient)
    if not drafts:
        yield "payment-entry", ("payment-entry", {})
        return
    if patient is not None:
        office.write(lambda work: guarantor_example(work, patient))
        yield "payment-entry-client", ("payment-entry", {"patient_id": patient})
    payer = office.write(payer_example).value
    if payer is not None:
        yield "payment-entry", ("payment-entry", {"payer_id": payer.id})


def rest(window: MainWindow) -> None:
    """Wait until every list on view has its rows and every pane its record.

    A list asks for rows when they are painted, and nothing paints this window by itself: it is
    painted here, until that brings no question any more. Gives up after a while: a list whose
    question was refused stays empty.
    """
    began = time.monotonic()
    while time.monotonic() - began < MOST_S:
        settle(window)
        window.grab()
        QCoreApplication.processEvents()
        if window.desk.quiet() and all(map(_has_rows, window.findChildren(ListPart))):
            return


def _has_rows(part: ListPart[Any]) -> bool:
    model = part.model
    return not part.isVisible() or (model.known and model.settled)


def _shoot_widget(widget: QWidget, path: Path) -> None:
    """Draw a dialog by itself."""
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.show()
    for _ in range(3):
        QCoreApplication.processEvents()
    widget.grab().save(str(path))
    widget.close()
    widget.deleteLater()


def _shoot(window: MainWindow, path: Path, what: tuple[str, dict[str, object]]) -> None:
    place, details = what
    window.open(place, **details)
    rest(window)
    if not window.grab().save(str(path)):
        raise Problem(f"{path} could not be written.", hint="Look at the folder and its space.")
