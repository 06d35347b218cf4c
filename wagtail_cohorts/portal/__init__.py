"""Public pages: students, sponsors, and whoever checks a document."""
