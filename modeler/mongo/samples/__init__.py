"""Sample documents of a collection: of real rows, masked, or generated and judged.

What is generated is judged by the evaluator of validators, which needs ``bson`` (the extra
``mongo``).
"""
