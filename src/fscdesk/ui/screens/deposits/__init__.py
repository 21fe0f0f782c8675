"""Deposits: what goes to the bank together, its slip, and how far it has come."""
