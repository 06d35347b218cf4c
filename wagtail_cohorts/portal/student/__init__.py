"""The pages of one student, reached by the personal link."""
