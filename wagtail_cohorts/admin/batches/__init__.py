"""Progress of background work."""
