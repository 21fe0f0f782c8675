"""The door to the reports beside the appointments: the right reader for a recognised file."""

from __future__ import annotations

from datetime import tzinfo
from functools import partial
from typing import Any

from fscdesk.services.importing import report_signatures as known
from fscdesk.services.importing.readers.attendance import read_attendance
from fscdesk.services.importing.readers.card_transactions import read_card_transactions
from fscdesk.services.importing.readers.client_details import read_client_details
from fscdesk.services.importing.readers.income_allocation import (
    read_income_allocation,
    read_payer_allocation,
)
from fscdesk.services.importing.readers.insurance_aging import read_insurance_aging
from fscdesk.services.importing.readers.insurance_claims import read_insurance_claims
from fscdesk.services.importing.readers.insurance_payments import read_insurance_payments
from fscdesk.services.importing.readers.outstanding_balances import read_outstanding_balances
from fscdesk.services.importing.readers.payment_export import read_payment_export
from fscdesk.services.importing.readers.report_reading import Step
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.readers.stripe import read_stripe_balance, read_stripe_payouts
from fscdesk.services.importing.readers.unpaid_insurance import read_unpaid_insurance
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile

_READERS = {
    known.PAYMENT_EXPORT: read_payment_export,
    known.INCOME_ALLOCATION: read_income_allocation,
    known.PAYER_ALLOCATION: read_payer_allocation,
    known.STRIPE_PAYOUTS: read_stripe_payouts,
    known.INSURANCE_PAYMENTS: read_insurance_payments,
    known.INSURANCE_CLAIMS: read_insurance_claims,
    known.UNPAID_INSURANCE: read_unpaid_insurance,
    known.OUTSTANDING_BALANCES: read_outstanding_balances,
    known.INSURANCE_AGING: read_insurance_aging,
    known.CLIENT_DETAILS: read_client_details,
    known.ATTENDANCE: read_attendance,
}


def read_report(
    source: SourceFile,
    recognised: Recognised,
    zone: tzinfo,
    *,
    progress: Step | None = None,
) -> ReportFile[Any]:
    """Read a report that ``recognise`` knows; its ``report`` tells the type of its rows.

    ``zone`` is the practice's, for reports in UTC. ``progress`` is called as Job.step is. Raises
    Problem for a file that is no such report, or whose columns are unclear.
    """
    recognised.require_report()
    readers: dict[str, Any] = {
        **_READERS,
        known.CARD_TRANSACTIONS: partial(read_card_transactions, zone=zone),
        known.STRIPE_BALANCE: partial(read_stripe_balance, zone=zone),
    }
    file: ReportFile[Any] = readers[recognised.profile](source, recognised, progress=progress)
    return file
