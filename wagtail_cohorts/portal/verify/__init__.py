"""The public check of a sealed document."""
