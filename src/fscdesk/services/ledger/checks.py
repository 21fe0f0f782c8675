"""The named checks of the books: run alone, together, by ``verify``, and after property tests."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fscdesk.services.errors import Problem
from fscdesk.services.ledger.adjustment_checks import adjustments_as_posted
from fscdesk.services.ledger.balance_checks import (
    charge_balances,
    open_items_equal_ledger,
    patient_unapplied,
    session_balances,
    shares_add_up,
)
from fscdesk.services.ledger.bank_checks import deposits_add_up, payments_deposited
from fscdesk.services.ledger.claim_checks import (
    authorizations_count,
    batches_as_sent,
    claim_history,
    claims_add_up,
    claims_agree,
    claims_hold_charges,
    sent_claims_in_batches,
    sessions_follow_claims,
)
from fscdesk.services.ledger.collection_checks import (
    agencies_hold,
    cases_follow,
    paid_is_settled,
)
from fscdesk.services.ledger.invoice_checks import invoices_add_up
from fscdesk.services.ledger.journal_checks import (
    accounts_known,
    books_opened_once,
    entries_balance,
    posted_entries_whole,
    reversals_mirror,
)
from fscdesk.services.ledger.number_checks import numbers_without_gaps
from fscdesk.services.ledger.offenders import Found
from fscdesk.services.ledger.owner_checks import (
    charges_owned,
    credits_owned,
    papers_name_their_credit,
    voided_charges_hold_nothing,
)
from fscdesk.services.ledger.payment_checks import (
    credit_balances,
    documents_posted,
    payments_add_up,
    second_person,
)
from fscdesk.services.ledger.period_checks import closed_months_unchanged, closed_years_carried
from fscdesk.services.ledger.plan_checks import plans_add_up
from fscdesk.services.ledger.reconciliation_checks import (
    matches_agree,
    money_to_identify,
    reconciliations_stand,
)
from fscdesk.services.ledger.remittance_checks import (
    recoupments_add_up,
    remittances_as_posted,
    remittances_balance,
)
from fscdesk.services.ledger.source_checks import (
    audit_chain,
    import_counts,
    recorded_in_simplepractice,
    recorded_lines_named,
    status_history,
)
from fscdesk.services.work import Work

CHECKS: Final[Mapping[str, Callable[[Work], Found]]] = MappingProxyType(
    {
        "entries-balance": entries_balance,
        "posted-entries-whole": posted_entries_whole,
        "reversals-mirror": reversals_mirror,
        "charge-balances": charge_balances,
        "session-balances": session_balances,
        "patient-unapplied": patient_unapplied,
        "open-items-equal-ledger": open_items_equal_ledger,
        "shares-add-up": shares_add_up,
        "charges-owned": charges_owned,
        "voided-charges-hold-nothing": voided_charges_hold_nothing,
        "recorded-in-simplepractice": recorded_in_simplepractice,
        "recorded-lines-named": recorded_lines_named,
        "payments-add-up": payments_add_up,
        "credit-balances": credit_balances,
        "credits-owned": credits_owned,
        "papers-name-their-credit": papers_name_their_credit,
        "documents-posted": documents_posted,
        "deposits-add-up": deposits_add_up,
        "payments-deposited": payments_deposited,
        "adjustments-as-posted": adjustments_as_posted,
        "second-person": second_person,
        "invoices-add-up": invoices_add_up,
        "plans-add-up": plans_add_up,
        "agencies-hold": agencies_hold,
        "cases-follow": cases_follow,
        "paid-is-settled": paid_is_settled,
        "claims-add-up": claims_add_up,
        "claim-history": claim_history,
        "claims-hold-charges": claims_hold_charges,
        "sent-claims-in-batches": sent_claims_in_batches,
        "sessions-follow-claims": sessions_follow_claims,
        "claims-agree": claims_agree,
        "authorizations-count": authorizations_count,
        "batches-as-sent": batches_as_sent,
        "remittances-balance": remittances_balance,
        "remittances-as-posted": remittances_as_posted,
        "recoupments-add-up": recoupments_add_up,
        "closed-months-unchanged": closed_months_unchanged,
        "closed-years-carried": closed_years_carried,
        "books-opened-once": books_opened_once,
        "matches-agree": matches_agree,
        "reconciliations-stand": reconciliations_stand,
        "money-to-identify": money_to_identify,
        "numbers-without-gaps": numbers_without_gaps,
        "import-counts": import_counts,
        "status-history": status_history,
        "audit-chain": audit_chain,
        "accounts-known": accounts_known,
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. At most fifty offenders are named; ``count`` is all of them.

    ``words`` says the invariant in a sentence.
    """

    name: str
    ok: bool
    offenders: tuple[str, ...]
    words: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What all checks found; ``ok`` when none has an offender."""

    ok: bool
    checks: tuple[Check, ...]


def run_checks(work: Work, names: Iterable[str] | None = None) -> CheckReport:
    """Run the checks of these names, or all of them. Reads only.

    Raises Problem for a name that is no check's.
    """
    wanted = tuple(CHECKS) if names is None else tuple(names)
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        raise Problem(
            f"There is no check called {unknown[0]}.",
            hint=f"Nothing was checked. The checks are {', '.join(CHECKS)}.",
        )
    checks = []
    for done, name in enumerate(wanted):
        work.job.step(done, len(wanted), f"Checking {name}")
        found = CHECKS[name](work)
        checks.append(Check(name, not found.count, found.offenders, _words(name), found.count))
    return CheckReport(all(check.ok for check in checks), tuple(checks))


def _words(name: str) -> str:
    """Return the invariant: the first sentence of the check's own docstring."""
    return (inspect.getdoc(CHECKS[name]) or name).split("\n\n", 1)[0].replace("\n", " ")
