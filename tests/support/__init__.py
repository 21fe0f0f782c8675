"""What tests share: databases, a clock, sample files, and the search for what is left behind."""
