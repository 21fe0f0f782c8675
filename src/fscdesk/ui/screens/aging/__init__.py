"""Aging: who owes what, for how long, as of any day; each cell opens its lines."""
