"""Check constraints as expressions of a validator, in SQL's three-valued logic."""
