"""The fictional practice: two years of work, made through the services from a seed."""
