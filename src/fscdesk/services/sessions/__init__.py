"""Sessions: recording them, their two statuses, the check before billing, their story."""
