"""Exceptions: money, and word of money, whose other half has not come."""
