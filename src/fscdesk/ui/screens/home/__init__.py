"""Home: what is the state, what do I do first."""
