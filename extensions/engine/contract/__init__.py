"""The published API as data, and how to ask it."""
