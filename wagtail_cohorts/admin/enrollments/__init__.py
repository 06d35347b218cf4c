"""Students in the admin: listing, one student's page, bulk actions."""
