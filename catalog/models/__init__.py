"""What is sold."""

from catalog.models.category import Category
from catalog.models.price_list import PriceList
from catalog.models.product import Product
from catalog.models.tag import ProductTag, Tag

__all__ = ["Category", "PriceList", "Product", "ProductTag", "Tag"]
