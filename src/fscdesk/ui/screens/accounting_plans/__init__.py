"""What the office plans and what comes round: budgets, cost centres, recurring entries, years."""
