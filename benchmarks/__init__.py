"""Measured figures. `python -m benchmarks bulk_signing --json`, `python -m benchmarks pages --json`."""
