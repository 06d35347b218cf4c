"""Institutions, their staff's memberships, the scope of what staff may see, and signing certificates."""
