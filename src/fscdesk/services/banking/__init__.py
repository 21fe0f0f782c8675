"""What the bank says, beside what the books say: deposits, statements, matching, reconciling."""
