"""Bringing collections of a MongoDB to their specifications, step by step."""
