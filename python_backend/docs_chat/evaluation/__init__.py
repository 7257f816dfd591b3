"""The owner's questions: whether the search finds the sections that they name."""
