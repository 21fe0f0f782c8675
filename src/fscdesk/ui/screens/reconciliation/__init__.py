"""Reconciliation: the bank beside our books, the proofs of the ledger, what is missing."""
