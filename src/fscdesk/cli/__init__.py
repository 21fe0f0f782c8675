"""Every job without a window: calls services, prints their dataclasses."""
