"""From a session to its charges: whose share is whose, at which price, in which legs."""
