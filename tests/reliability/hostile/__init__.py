"""Input that nobody should send, through the real views: files, pictures, forms and query strings, from a seed."""
