"""Personal links: made, exchanged for a cookie, rotated, revoked and renewed."""
