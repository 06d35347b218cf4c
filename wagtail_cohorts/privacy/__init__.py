"""Retention, erasure and a person's data."""
