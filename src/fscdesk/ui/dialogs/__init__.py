"""Dialogs: only where an answer is needed to go on."""
