"""Report pages about who buys and what happened."""

from orders.reports.order_document import OrderDocument
from orders.reports.product_ranking import ProductRanking
from orders.reports.revenue import RevenueByMonth
from orders.reports.spending import CustomersOverThreshold

__all__ = ["CustomersOverThreshold", "OrderDocument", "ProductRanking", "RevenueByMonth"]
