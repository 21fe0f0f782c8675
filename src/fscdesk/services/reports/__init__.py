"""Numbers that answer a question, as plain tables, and the files they are given out in."""
