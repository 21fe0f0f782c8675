"""Accounting: the chart, the journal, ledgers, months and what is planned."""

from fscdesk.ui.screens.accounting.screen import AccountingScreen

__all__ = ["AccountingScreen"]
