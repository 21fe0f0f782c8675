"""Fields, buttons and the small parts that screens are put together from."""
