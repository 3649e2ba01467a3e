"""Keeps documents in step with rows: triggers queue what changed, workers rebuild and write it.

A queue entry says only which row changed. A worker claims entries, finds the documents they belong
to, takes a version, reads those documents anew in one snapshot and writes each if nobody wrote a
newer version. What events said, in which order, and how often, cannot matter.
"""
