"""Documents that students upload, and their review by staff."""
