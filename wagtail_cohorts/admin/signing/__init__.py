"""The page on which the institution fills in and signs its part."""
