"""Patients: the list of all, and the account of one with ledger, coverage, names and details."""

from fscdesk.ui.screens.patients.screen import PatientsScreen, owing_patient

__all__ = ["PatientsScreen", "owing_patient"]
