"""The command line: one file for each group of commands; they call services and print."""
