"""The proof of aging: its total is the general ledger's, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, literal_column, select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.balance_checks import charge_balances
from fscdesk.services.ledger.balances import open_in_ledger
from fscdesk.services.ledger.offenders import SHOWN, Found, ask, cents, day_words
from fscdesk.services.ledger.open_items import agency_total, to_explain_total
from fscdesk.services.work import Work

OWED: ColumnElement[bool] = literal_column("charge.patient_balance <> 0")
"""Written out as in the partial index of open charges, which is used only then."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Three ways to the same sum. ``subledgers`` (accounts and payers) are kept for today only.

    ``at_agency`` is what collection agencies hold: it has left the aging, and is still in the
    ledger; ``to_explain`` what payers took of checks and nobody has explained yet. ``offenders``
    explain a difference; they are looked for only where there is one.
    """

    aging: Money
    subledgers: Money | None
    ledger: Money
    offenders: tuple[str, ...]
    at_agency: Money = ZERO
    to_explain: Money = ZERO

    @property
    def difference(self) -> Money:
        """Return aging less general ledger, or less the subledgers where only those differ."""
        off = self.aging + self.at_agency + self.to_explain - self.ledger
        return off or (ZERO if self.subledgers is None else self.aging - self.subledgers)

    @property
    def ties(self) -> bool:
        """Return whether all of them agree."""
        return not self.difference

    @property
    def words(self) -> str:
        """Return the equation as a sentence."""
        whole = self.aging + self.at_agency + self.to_explain
        sign = "=" if whole == self.ledger else "≠"
        middle = ""
        if self.subledgers is not None:
            same = "=" if self.aging == self.subledgers else "≠"
            middle = f" {same} client and payer ledgers {self.subledgers}"
        if self.at_agency:
            middle += f", with {self.at_agency} at collection agencies"
        if self.to_explain:
            middle += f", with {self.to_explain} that payers took to be explained"
        return (
            f"Aging {self.aging}{middle} {sign} general ledger {self.ledger}"
            " (1100 to 1130 less 2400 and 2410)"
        )


def tie_of(work: Work, as_of: date, total: Money, *, past: bool) -> Tie:
    """Compare the total of an aging with the ledger of that day; ``past`` as the aging says."""
    subledgers = None if past else _subledgers(work)
    ledger, at_agency = open_in_ledger(work, as_of), agency_total(work, as_of)
    taken = to_explain_total(work, as_of)
    off = total + at_agency + taken != ledger or subledgers not in (None, total)
    why = _why(work, as_of).offenders if off else ()
    return Tie(total, subledgers, ledger, why, at_agency, taken)


def _subledgers(work: Work) -> Money:
    """Return what accounts of patients and payers say: sessions, fees, less unapplied credits."""
    fees = select(func.sum(Charge.patient_balance)).where(Charge.session_id.is_(None), OWED)
    owed = work.db.scalar(fees) or ZERO
    for column in (Session.insurance_balance, Session.patient_balance):
        for side in (column > ZERO, column < ZERO):  # two ranges of an index, no scan
            live = select(func.sum(column)).where(side, Session.withdrawn_by.is_(None))
            owed += work.db.scalar(live) or ZERO
    for whose in (Patient.unapplied, Payer.unapplied):
        owed -= work.db.scalar(select(func.sum(whose))) or ZERO
    return owed


def _why(work: Work, as_of: date) -> Found:
    """Look for lines that no charge and no patient holds, and for balances that are not sums."""
    homeless = ask(
        work,
        "SELECT e.number, l.day, l.account, l.amount FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id WHERE l.day <= :as_of AND ("
        " (l.account IN ('1100', '1110') AND l.charge_id IS NULL)"
        " OR (l.account = '2410' AND l.charge_id IS NULL AND l.credit_id IS NULL)"
        " OR (l.account = '1120' AND (l.payer_id IS NULL OR l.payer_id NOT IN"
        " (SELECT payer_id FROM recoupment))) OR (l.account = '1130' AND (l.charge_id IS NULL OR"
        " l.charge_id NOT IN (SELECT charge_id FROM collection_item)))"
        " OR (l.account = '2400' AND l.patient_id IS NULL)) ORDER BY l.id",
        lambda row: (
            f"entry {row.number} of {day_words(row.day)}: {cents(row.amount)} on {row.account}"
            " belongs to no open item"
        ),
        as_of=as_of,
    )
    found = homeless + charge_balances(work)
    return Found(found.count, found.offenders[:SHOWN])
