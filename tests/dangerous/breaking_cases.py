"""Migrations that the code which is still running does not survive."""

from __future__ import annotations

from tests.dangerous.dangerous import Dangerous, Edit, before
from tests.dangerous.waiting_cases import ITEM, PRICE

ADMIN, SERVICE = "orders/admin/order_item.py", "orders/services/item.py"
NAME = "    product_name = models.CharField(max_length=200,"
RUNNING = "Code that still runs"

REQUIRED = Dangerous(
    "item_gift",
    (before(ITEM, PRICE, "    is_gift = models.BooleanField(default=False)\n"),),
    found=(
        (
            "MP202",
            f"{RUNNING} cannot insert into orders_orderitem: it leaves out the new column "
            "is_gift, which is NOT NULL and has no default in the database.",
        ),
    ),
    files=("0006_item_gift", "0007_orderitem_is_gift_drop_default"),
    later="0007_orderitem_is_gift_drop_default",
    breaks=True,
)
GONE = Dangerous(
    "item_name_gone",
    (
        Edit(ITEM, f'{NAME} db_comment="Its name when ordered.")\n', ""),
        Edit(ITEM, "{self.product_name}", "{self.product_sku}"),
        Edit(ADMIN, '        "product_name",\n', ""),
        Edit(ADMIN, '("product_name", "product_sku")', '"product_sku"'),
        Edit(SERVICE, '        "product_name": product.name,\n', ""),
    ),
    found=(
        (
            "MP215",
            f"{RUNNING} reads and writes orders_orderitem.product_name, which is dropped with its "
            "values.",
        ),
        (
            "MP707",
            'Undoing it fails: column "product_name" of relation "orders_orderitem" contains null '
            "values.",
        ),
        (
            "MP219",
            "New code cannot insert into orders_orderitem before this migration has run: "
            "product_name is NOT NULL and has no default in the database.",
        ),
    ),
    files=("0006_item_name_gone", "0007_drop_orderitem_product_name"),
    later="0007_drop_orderitem_product_name",
    breaks=True,
)
RENAMED = Dangerous(
    "item_name_renamed",
    (
        Edit(ITEM, NAME, "    title = models.CharField(max_length=200,"),
        Edit(ITEM, "{self.product_name}", "{self.title}"),
        Edit(ADMIN, '        "product_name",\n', '        "title",\n'),
        Edit(ADMIN, '("product_name", "product_sku")', '("title", "product_sku")'),
        Edit(SERVICE, '"product_name": product.name', '"title": product.name'),
    ),
    found=(
        (
            "MP220",
            f"{RUNNING} uses orders_orderitem.product_name, which is called title from now on.",
        ),
    ),
    files=("0006_item_name_renamed",),
    answers="y\n",  # yes, it was renamed
    by_hand=(
        Edit(
            ITEM,
            "    title = models.CharField(max_length=200,",
            '    title = models.CharField(max_length=200, db_column="product_name",',
        ),
    ),
    breaks=True,
)
BREAKING = (REQUIRED, GONE, RENAMED)
