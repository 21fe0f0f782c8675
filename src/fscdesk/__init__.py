"""fscdesk: the billing office of a small behavioural-health practice, on one ledger."""

__version__ = "0.7.0"
