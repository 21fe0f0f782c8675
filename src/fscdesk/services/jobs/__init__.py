"""What runs by itself, once for the whole practice, and who may run it."""
