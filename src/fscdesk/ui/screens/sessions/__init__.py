"""Sessions: the list from done to paid, what can be done with them, and each one's story."""

from fscdesk.ui.screens.sessions.screen import SessionsScreen

__all__ = ["SessionsScreen"]
