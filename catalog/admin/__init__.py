"""The admin pages of what is sold."""

from catalog.admin.category import CategoryAdmin
from catalog.admin.price_list import PriceListAdmin
from catalog.admin.product import ProductAdmin
from catalog.admin.product_tag import ProductTagAdmin
from catalog.admin.tag import TagAdmin

__all__ = ["CategoryAdmin", "PriceListAdmin", "ProductAdmin", "ProductTagAdmin", "TagAdmin"]
