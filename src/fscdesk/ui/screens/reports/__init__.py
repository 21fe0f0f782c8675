"""The Reports place: every report by its question, its parameters, its figures and its pages."""
