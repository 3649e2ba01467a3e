"""Looks at rows for what MongoDB cannot hold as it is, before anything is written there."""
