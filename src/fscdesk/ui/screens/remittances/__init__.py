"""What payers answered: the list of their remittances, and one of them side by side."""
