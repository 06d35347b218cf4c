"""Finalizing a cohort: seals, certificates, packages and public verification."""
