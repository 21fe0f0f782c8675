"""Measures the rows of DESIGN.md section 12, each as a ratio to a limit of the same run."""
