"""The record of a cohort, a student or an agreement, in Wagtail's history."""
