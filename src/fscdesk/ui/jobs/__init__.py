"""Work in the background: the desk that runs it, and what the window shows of it."""
