"""Rows of long work: batches and items, claimed with leases, finished once, retried alone."""
