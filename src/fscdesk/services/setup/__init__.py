"""Setting up the practice: what it is, who works in it, whom it bills, at which prices."""
