"""Setup: the practice, its people, whom it bills, at which prices, by which policies."""

from fscdesk.ui.screens.setup.screen import SetupScreen

__all__ = ["SetupScreen"]
