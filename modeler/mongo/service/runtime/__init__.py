"""The part of a generated module that is the same for every schema.

Its files are read as text and written into the module, one after the other: nothing
imports them in production. They hold to lines of 79 characters and to magic
trailing commas, so that a formatter of any width leaves the module alone, and they
name nothing outside the standard library and pymongo.
"""
