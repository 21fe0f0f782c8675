"""The books that a person keeps: periods, journal, chart, cost centres, budgets, year end."""
