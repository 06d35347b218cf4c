"""Marks, consent, acts of signing, the student's submission, and bulk signing."""
