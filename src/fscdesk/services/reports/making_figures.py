"""Makes revenue, payers, production, rates, reasons and prices, with what is behind each number."""

from __future__ import annotations

from datetime import timedelta

from fscdesk.services.claims.denial_rates import DenialsBy, RateRow, denial_rates
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.fee_history import FeeRow, fee_rows
from fscdesk.services.reports.adjustments_by_reason import adjustments_by_reason
from fscdesk.services.reports.books import Cut, Lines
from fscdesk.services.reports.denials_report import denials_report
from fscdesk.services.reports.earned import earned
from fscdesk.services.reports.figure_tables import (
    claims_table,
    collection_table,
    dso_table,
    earned_table,
    paid_history_table,
    reasons_table,
)
from fscdesk.services.reports.metric_facts import WINDOW, charging_accounts
from fscdesk.services.reports.opening import Opens
from fscdesk.services.reports.periods import month_end, period_of
from fscdesk.services.reports.rates import (
    CollectionRow,
    claim_rates,
    collection_rates,
    dso_by_month,
)
from fscdesk.services.reports.report_asked import Asked, PeriodWord
from fscdesk.services.reports.report_made import BehindRow, Made, behind_of
from fscdesk.services.work import Work


def make_revenue(work: Work, asked: Asked) -> Made:
    """Make revenue by service, or cut otherwise."""
    return _earned(work, asked, Cut(asked.text("by", Cut.CODE)))


def make_payer_mix(work: Work, asked: Asked) -> Made:
    """Make the payer mix."""
    return _earned(work, asked, Cut.PAYER)


def make_production(work: Work, asked: Asked) -> Made:
    """Make the production of each clinician."""
    return _earned(work, asked, Cut.PROVIDER)


def make_collection_rate(work: Work, asked: Asked) -> Made:
    """Make the collection rate by month of service; its amounts open the month's sessions."""
    days = asked.days(work, PeriodWord.TWELVE_MONTHS)
    found = collection_rates(work, *days, as_of=asked.values.get("as_of"))
    table = collection_table(work, found)

    def row(one: CollectionRow) -> BehindRow:
        first = max(one.month, days[0])
        return _sessions(("charged", "taken_off", "paid", "left"), first, month_end(one.month))

    rows = [row(one) for one in found.rows]
    whole = _sessions(("charged", "taken_off", "paid", "left"), *days)
    return Made(table, found, behind_of(table, rows, whole))


def make_dso(work: Work, asked: Asked) -> Made:
    """Make days in A/R and days to payment by month."""
    days = asked.days(work, PeriodWord.TWELVE_MONTHS)
    found = dso_by_month(work, *days)
    table = dso_table(work, period_of(*days), found)
    accounts = charging_accounts(work)
    rows: list[BehindRow] = [
        {
            "open": Opens("aging", {"as_of": one.day, "by": "payer"}),
            "charged": Lines(
                accounts, one.day - WINDOW + timedelta(days=1), one.day, closing=False, sign=-1
            ),
        }
        for one in found
    ]
    return Made(table, found, behind_of(table, rows))


def make_clean_claims(work: Work, asked: Asked) -> Made:
    """Make the denial and clean-claim rates by month; the newest open what they count now."""
    days = asked.days(work, PeriodWord.TWELVE_MONTHS)
    found = claim_rates(work, *days)
    table = claims_table(work, period_of(*days), found)
    rows: list[BehindRow] = [{} for _one in found]
    if found and found[-1].day == work.today():
        rows[-1] = {
            "denied": Opens("sessions", {"view": "denied"}),
            "clean": Opens("sessions", {"status": ("submitted", "pending")}),
        }
    return Made(table, found, behind_of(table, rows))


def make_adjustments(work: Work, asked: Asked) -> Made:
    """Make the adjustments by reason."""
    found = adjustments_by_reason(work, *asked.days(work, PeriodWord.THIS_MONTH))
    table = reasons_table(work, found)
    keys = ("lines", "amount")
    rows = [dict.fromkeys(keys, one.drill) for one in found.rows]
    behind = behind_of(table, rows, dict.fromkeys(keys, found.drill))
    return Made(table, found, behind, needs_person=not found.ties)


def make_paid_history(work: Work, asked: Asked) -> Made:
    """Make what payers allow and pay by code; its counts open the sessions."""
    require(work, Right.SEE_REPORTS, "see what payers pay")
    days = asked.days(work, PeriodWord.TWELVE_MONTHS)
    found = fee_rows(work, codes=asked.texts("code"), first=days[0], last=days[1])
    table = paid_history_table(work, found, (f"Services of {period_of(*days).words}",))

    def row(one: FeeRow) -> BehindRow:
        asks = {"payer": (one.payer_id,), "code": (one.code,), "day": days}
        return dict.fromkeys(
            (*("lines", "allowed", "lowest", "highest", "paid"), "low_lines", "short"),
            Opens("sessions", asks),
        )

    return Made(table, found, behind_of(table, [row(one) for one in found]))


def make_denials(work: Work, asked: Asked) -> Made:
    """Make the denial rates; what they count is opened under Claims."""
    days = asked.days(work, PeriodWord.THIS_YEAR)
    by = DenialsBy(asked.text("by", DenialsBy.PAYER))
    found = denial_rates(work, *days, by=by)
    table = denials_report(work, found)
    rates = Opens("claims", {"tab": "rates", "by": by.value})
    denied = Opens("claims", {"tab": "denials"})

    def row(_one: RateRow) -> BehindRow:
        counted = dict.fromkeys(("answered", "billed", "rate", "turned"), rates)
        return {**counted, **dict.fromkeys(("denied", "amount", "open"), denied)}

    rows = [row(one) for one in found.rows]
    return Made(table, found, behind_of(table, rows, row(found.total)))


def _earned(work: Work, asked: Asked, by: Cut) -> Made:
    found = earned(work, *asked.days(work, PeriodWord.THIS_MONTH), by=by)
    table = earned_table(work, found)
    rows = [one.drills for one in found.rows]
    behind = behind_of(table, rows, found.total.drills)
    return Made(table, found, behind, needs_person=not found.ties)


def _sessions(keys: tuple[str, ...], first: object, last: object) -> BehindRow:
    return dict.fromkeys(keys, Opens("sessions", {"day": (first, last)}))
