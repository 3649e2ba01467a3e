"""Formulas: values that PostgreSQL computes of a row's columns, kept in a field of documents."""
