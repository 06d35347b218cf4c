"""Cohorts in the admin: listing, forms, the cohort's own page and its actions."""
