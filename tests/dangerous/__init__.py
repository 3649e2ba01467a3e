"""Dangerous migrations of the shop, written on purpose, and what becomes of them."""
