"""Cohorts of students through paperwork end to end, on a Wagtail site."""

__version__ = "0.1.0"
