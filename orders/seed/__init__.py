"""A shop with three years behind it: realistic, the same for the same numbers, and legal.

Everything is written through the rules of the database, by COPY and by one UPDATE a step, in one
transaction, dated when it happened. See docs/shop.md.
"""

from orders.seed.plan import Plan, SeedError
from orders.seed.run import seed

__all__ = ["Plan", "SeedError", "seed"]
