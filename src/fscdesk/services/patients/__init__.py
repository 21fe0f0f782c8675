"""Patients: names and aliases, guarantors, coverage, and the account with its ledger."""
