"""Five small painted charts. Each mark opens its rows; ``T`` shows the same figures as a table."""
