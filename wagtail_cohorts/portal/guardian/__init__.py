"""The pages of the guardian of a student who is a minor, reached by a personal link."""
