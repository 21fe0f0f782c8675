"""Paper: frozen dataclasses in, the bytes of a PDF out. No database, no screen, no files."""
