"""What payers answer: today the EOB that is typed in, with what is expected of each line."""
