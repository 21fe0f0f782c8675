"""Claims: built from charges, scrubbed, sent, answered, corrected and appealed."""
