"""The evaluator of validators: what the server would say of a document, said without it.

It needs ``bson``, which comes with pymongo (the extra ``mongo``).
"""
