"""Payments: what came in, what it paid, what is left of it, and what goes back."""
