"""Readers: one file for each kind of report, from raw tables to typed rows and findings."""
