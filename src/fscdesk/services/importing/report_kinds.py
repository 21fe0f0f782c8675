"""Every kind of report that is kept, by its profile. A new one is entered here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fscdesk.services.importing.reports.attendance import AttendanceReport
from fscdesk.services.importing.reports.card_transactions import CardTransactions
from fscdesk.services.importing.reports.client_details import ClientDetails
from fscdesk.services.importing.reports.income_allocation import (
    IncomeAllocation,
    PayerAllocation,
)
from fscdesk.services.importing.reports.insurance_aging import InsuranceAging
from fscdesk.services.importing.reports.insurance_claims import InsuranceClaims
from fscdesk.services.importing.reports.insurance_payments import InsurancePayments
from fscdesk.services.importing.reports.outstanding_balances import OutstandingBalances
from fscdesk.services.importing.reports.payment_export import PaymentExport
from fscdesk.services.importing.reports.stripe_rows import StripeBalance, StripePayouts
from fscdesk.services.importing.reports.unpaid_insurance import UnpaidInsurance
from fscdesk.services.importing.reports_engine import ReportKind

_ALL: tuple[ReportKind[Any], ...] = (
    PaymentExport(),
    IncomeAllocation(),
    PayerAllocation(),
    CardTransactions(),
    StripePayouts(),
    StripeBalance(),
    InsurancePayments(),
    ClientDetails(),
    AttendanceReport(),
    InsuranceClaims(),
    UnpaidInsurance(),
    OutstandingBalances(),
    InsuranceAging(),
)
KINDS: Mapping[str, ReportKind[Any]] = MappingProxyType({kind.profile: kind for kind in _ALL})
