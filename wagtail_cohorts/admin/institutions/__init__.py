"""Institutions in the admin: their page, staff and certificate."""
