"""The ledger: the one door for posting, the rules from event to legs, balances, checks."""
