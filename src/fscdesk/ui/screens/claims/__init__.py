"""Claims: the list with its views, one claim's page, building and sending, batches."""

from fscdesk.ui.screens.claims.screen import ClaimsScreen

__all__ = ["ClaimsScreen"]
