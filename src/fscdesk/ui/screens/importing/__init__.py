"""Bringing files in: the wizard with its four steps, Files, Recognised, Plan, Done."""
