"""What waits, is late or is stuck, over all cohorts of the user's institutions."""
