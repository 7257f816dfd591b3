"""Markdown in pieces: as it streams out of a model, and as passages are cut for a reader."""
