"""Private files, stored under their hash and served only by our own views."""
