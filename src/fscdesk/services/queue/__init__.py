"""What waits for a person, whoever made it wait: one list over all rooms."""
