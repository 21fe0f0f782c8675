"""Statements: who gets one, who does not and why, the pages, and the runs that were made."""

from fscdesk.ui.screens.statements.screen import StatementsScreen

__all__ = ["StatementsScreen"]
