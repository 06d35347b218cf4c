"""The other host's own users, and its own rows: several sites in two languages."""
