"""Looking at what students sent, one document at a time."""
