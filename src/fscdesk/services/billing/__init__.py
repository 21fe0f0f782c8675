"""Bills to those who pay: statements, their proof list, their files."""
