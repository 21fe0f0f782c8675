"""The work queue: what waits for a person, thing by thing, and the way to where it is done."""

from fscdesk.ui.screens.queue.screen import QueueScreen

__all__ = ["QueueScreen"]
