"""Questions about money that was received. Rows leave as frozen dataclasses."""

from __future__ import annotations

from fscdesk.services.payments.credit_list import (
    CreditFilter,
    CreditRow,
    credit_counts,
    open_credits,
    page_of_credits,
)
from fscdesk.services.payments.detail import (
    AdjustmentRow,
    ApplicationRow,
    ChangeRow,
    DocumentRow,
    HeldCredit,
    PaymentDetail,
    payment_detail,
)
from fscdesk.services.payments.listing import (
    PaymentFilter,
    PaymentRow,
    page_of_payments,
    payment_counts,
    rows_of_payments,
)
from fscdesk.services.payments.open_charges import OpenCharge, charges_by_id, open_charges
from fscdesk.services.payments.refund_list import (
    RefundFilter,
    RefundRow,
    page_of_refunds,
    refund_clock,
    refund_counts,
)

__all__ = [
    "AdjustmentRow",
    "ApplicationRow",
    "ChangeRow",
    "CreditFilter",
    "CreditRow",
    "DocumentRow",
    "HeldCredit",
    "OpenCharge",
    "PaymentDetail",
    "PaymentFilter",
    "PaymentRow",
    "RefundFilter",
    "RefundRow",
    "charges_by_id",
    "credit_counts",
    "open_charges",
    "open_credits",
    "page_of_credits",
    "page_of_payments",
    "page_of_refunds",
    "payment_counts",
    "payment_detail",
    "refund_clock",
    "refund_counts",
    "rows_of_payments",
]
