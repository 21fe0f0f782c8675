"""Money comes in: receiving, applying, transferring, returning, refunding."""
