"""X12 text to frozen dataclasses and back: pure, without a database, the network or a clock."""
