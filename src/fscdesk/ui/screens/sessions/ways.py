"""Where the pane of a session leads: next steps, what mends a fault, and the documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.sessions.pre_bill import Missing
from fscdesk.services.sessions.queries import SessionRow, Step
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.sessions.acts import SessionActs
from fscdesk.ui.screens.sessions.checks_page import Mend
from fscdesk.ui.screens.sessions.claim_ways import SessionClaims
from fscdesk.ui.screens.sessions.columns import BEFORE_BILLING, is_billed
from fscdesk.ui.tables.detail import NextStep

CLIENTS, IMPORTS, SETUP, JOURNAL, STATEMENTS = (
    "patients",
    "importing",
    "setup",
    "accounting",
    "statements",
)
"""The places that sessions lead to. A place that has no screen is not offered."""


class SessionWays:
    """The pane's ways out, as far as the window has the places."""

    def __init__(self, shell: Shell, acts: SessionActs, claims: SessionClaims) -> None:
        self._shell, self._acts, self._claims = shell, acts, claims
        self.patient = shell.practice.patient
        self.row: SessionRow | None = None

    def next_steps(self, row: SessionRow, claims: Sequence[ClaimRow] = ()) -> Sequence[NextStep]:
        """Return the buttons at the foot: what the state asks for first, then the client."""
        self.row = row
        steps = list(self._claims.next_steps(row, claims))
        if row.billing_status in BEFORE_BILLING and is_billed(row) and not claims:
            check = partial(self._acts.check, [row])
            steps.append(NextStep("Check before billing", check))
        elif row.billing_status == "denied":
            steps.append(NextStep("Set status…", partial(self._acts.set_status, [row])))
        elif row.patient_balance.cents > 0 and self._shell.has(STATEMENTS):
            steps.append(NextStep("Statement…", partial(self._acts.statement, [row])))
        if self._shell.has(CLIENTS):
            client = partial(self._acts.open_client, [row])
            steps.append(NextStep(f"Open {self.patient.lower()}", client))
        return steps

    def more_steps(self, row: SessionRow, locked: str = "") -> Sequence[NextStep]:
        """Return the acts that are always there; ``locked`` names the claim that a payer has."""
        held = f"It is on {locked}. Take the claim back at its payer first." if locked else ""
        attendance = partial(self._acts.set_attendance, [row])
        return (
            NextStep("Set status…", partial(self._acts.set_status, [row])),
            NextStep("Set attendance…", attendance, off_because=held),
            NextStep("Set location…", partial(self._acts.set_location, [row])),
        )

    def mend(self, missing: Missing) -> Mend | None:
        """Return what mends a fault, or None where the sentence alone has to do."""
        row, has, go = self.row, self._shell.has, self._shell.open
        if missing.check == "attended" and row is not None:
            return "Set attendance…", partial(self._acts.set_attendance, [row])
        if missing.check == "note" and has(IMPORTS):
            return "Import the report", partial(go, IMPORTS)
        if missing.place == "patient" and has(CLIENTS):
            words = f"Open {self.patient.lower()}"
            return words, partial(go, CLIENTS, patient=missing.place_id)
        if missing.place == "provider" and has(SETUP):
            return "Open clinicians", partial(go, SETUP, group="people", tab="clinicians")
        if missing.place == "services" and has(SETUP):
            return "Open services", partial(go, SETUP, group="services", tab="services")
        return None

    def document_key(self, step: Step) -> str:
        """Return the key of a step's document where it can be opened."""
        kind = step.source.kind
        opens = (
            kind == "import"
            or (kind == "entry" and self._shell.has(JOURNAL))
            or (kind == "claim" and self._claims.opens)
        )
        return f"{kind}:{step.source.id}" if opens else ""

    def open_document(self, key: str) -> None:
        """Open all that the same import brought, the claim, or the journal entry of a step."""
        kind, _, number = key.partition(":")
        if kind == "import":
            self._shell.open("sessions", batch=int(number))
        elif kind == "claim":
            self._claims.open(int(number))
        else:
            self._shell.open(JOURNAL, entry=int(number))
