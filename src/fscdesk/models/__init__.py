"""What is kept: one file for each noun. See README.md beside this file."""
