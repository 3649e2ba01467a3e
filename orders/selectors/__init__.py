"""Questions about who buys and what happened that take more than a filter."""

from orders.selectors.order_document import order_document
from orders.selectors.product_ranking import RankedProduct, product_ranking
from orders.selectors.revenue import MonthOfRevenue, revenue_by_month
from orders.selectors.spending import customers_over_threshold

__all__ = [
    "MonthOfRevenue",
    "RankedProduct",
    "customers_over_threshold",
    "order_document",
    "product_ranking",
    "revenue_by_month",
]
