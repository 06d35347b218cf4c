"""The record: append-only, hash-chained events, their erasable details, and what is owed to consumers."""
