"""Proves on a project's own rows that validators would refuse none of their documents.

Every document is built as an export would build it and judged by an evaluator that agrees with
the server; nothing is written, and no MongoDB is needed.
"""
