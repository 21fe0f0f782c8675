"""What the office sees. Knows services, never the database. See README.md beside this file."""
