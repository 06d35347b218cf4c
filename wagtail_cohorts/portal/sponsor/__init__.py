"""The pages of a sponsor's contact: everything that the contact may sign, at once."""
