"""What the office does, in the order the data travels. See README.md beside this file."""
