"""E-mails that follow events."""
