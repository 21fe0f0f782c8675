"""Billing: what goes out to those who pay, and what becomes of what they do not pay."""

from fscdesk.ui.screens.billing.screen import BillingScreen

__all__ = ["BillingScreen"]
