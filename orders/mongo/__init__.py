"""The shop's documents for services: what is asked of them, and what is done with them.

Plain pymongo on the collections of ``config/collections.py``; databases come from a client with
``tz_aware=True`` and ``uuidRepresentation="standard"``.
"""
