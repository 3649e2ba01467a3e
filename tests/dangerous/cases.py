"""The table of dangerous migrations: each is a change of models that real projects make."""

from __future__ import annotations

from tests.dangerous.dangerous import Dangerous, Edit
from tests.dangerous.load import Habits

ITEM, CHANGE = "orders/models/order_item.py", "orders/models/status_change.py"
AFTER_QUANTITY = (
    '    unit_price = MoneyField(db_comment="Price of one piece when ordered; not negative.")\n'
)
AFTER_ACTOR = "    reason = models.TextField(\n"
ITEM_INDEXES = "        indexes = [\n            # Units and revenue of a product"
ITEM_CHECKS = "        constraints = [\n            models.UniqueConstraint("
CHANGE_CHECKS = "        constraints = [\n            models.CheckConstraint("


def _before(file: str, anchor: str, text: str) -> Edit:
    return Edit(file, anchor, text + anchor)


def _after(file: str, anchor: str, text: str) -> Edit:
    return Edit(file, anchor, anchor + text)


def _into(file: str, anchor: str, text: str) -> Edit:
    """Put an element first into a list of Meta."""
    head, _, rest = anchor.partition("[\n")
    return Edit(file, anchor, f"{head}[\n{text}{rest}")


NOTE = "    note = models.CharField(max_length=200, blank=True, {0}, db_comment='Their wish.')\n"
PAYMENT = """    payment = models.ForeignKey(
        "orders.Payment", on_delete=models.DO_NOTHING, null=True, blank=True, db_index=False,
        {0}related_name="+",
    )
"""

CASES = (
    Dangerous(
        "item_token",
        (
            _before(
                ITEM,
                AFTER_QUANTITY,
                "    token = models.UUIDField(db_default=RandomUUID(), editable=False)\n",
            ),
            _after(
                ITEM,
                "from django.db import models\n",
                "from django.contrib.postgres.functions import RandomUUID\n",
            ),
        ),
    ),
    Dangerous(
        "item_gift",
        (_before(ITEM, AFTER_QUANTITY, "    is_gift = models.BooleanField(default=False)\n"),),
        breaks=True,
        later="0007_orderitem_is_gift_drop_default",
    ),
    Dangerous(
        "item_sku_index",
        (
            _into(
                ITEM,
                ITEM_INDEXES,
                '            models.Index(fields=["product_sku"], name="item_by_sku"),\n',
            ),
        ),
    ),
    Dangerous(
        "item_sku_once",
        (
            _into(
                ITEM,
                ITEM_CHECKS,
                '            models.UniqueConstraint(\n                fields=["order", "product_sku"],'
                ' name="item_sku_once"\n            ),\n',
            ),
        ),
    ),
    Dangerous(
        "change_actor_named",
        (
            _into(
                CHANGE,
                CHANGE_CHECKS,
                "            models.CheckConstraint(\n"
                '                condition=~Q(actor=""), name="status_change_actor_named"\n'
                "            ),\n",
            ),
        ),
        scans=True,
    ),
    Dangerous(
        "item_note_required",
        (Edit(ITEM, NOTE.format("null=True"), NOTE.format("default=''")),),
        before=(_before(ITEM, AFTER_QUANTITY, NOTE.format("null=True")),),
        habits=Habits(item=(("note", "'please'"),)),
    ),
    Dangerous(
        "item_payment",
        (
            _before(
                ITEM,
                AFTER_QUANTITY,
                "    payment = models.ForeignKey(\n"
                '        "orders.Payment", null=True, blank=True, on_delete=models.PROTECT\n    )\n',
            ),
        ),
    ),
    Dangerous(
        "change_payment_enforced",
        (Edit(CHANGE, PAYMENT.format("db_constraint=False, "), PAYMENT.format("")),),
        before=(_before(CHANGE, AFTER_ACTOR, PAYMENT.format("db_constraint=False, ")),),
        filled="ALTER TABLE orders_orderstatuschange DROP COLUMN payment_id, ADD COLUMN payment_id "
        "uuid DEFAULT '00000000-0000-7000-8000-000000000001'; "
        "ALTER TABLE orders_orderstatuschange ALTER payment_id DROP DEFAULT",
        scans=True,
    ),
    Dangerous(
        "item_quantity_big",
        (Edit(ITEM, "quantity = models.IntegerField(", "quantity = models.BigIntegerField("),),
    ),
    Dangerous(
        "item_sku_shorter",
        (
            Edit(
                ITEM,
                'product_sku = models.CharField("SKU", max_length=40,',
                'product_sku = models.CharField("SKU", max_length=32,',
            ),
        ),
    ),
    Dangerous(
        "item_sales_dropped",
        reports=True,
        edits=(
            Edit(
                ITEM,
                '            models.Index(\n                fields=["product"], '
                'include=["quantity", "total_price"], name="item_sales"\n            ),\n',
                "",
            ),
        ),
    ),
    Dangerous(
        "item_name_gone",
        (
            Edit(
                ITEM,
                '    product_name = models.CharField(max_length=200, db_comment="Its name when '
                'ordered.")\n',
                "",
            ),
            Edit(ITEM, "{self.product_name}", "{self.product_sku}"),
            Edit("orders/admin/order_item.py", '        "product_name",\n', ""),
            Edit("orders/admin/order_item.py", '("product_name", "product_sku")', '"product_sku"'),
            Edit("orders/services/item.py", '        "product_name": product.name,\n', ""),
        ),
        later="0007_drop_orderitem_product_name",
        breaks=True,
    ),
    Dangerous(
        "item_name_renamed",
        (
            Edit(
                ITEM,
                "    product_name = models.CharField(max_length=200,",
                "    title = models.CharField(max_length=200,",
            ),
            Edit(ITEM, "{self.product_name}", "{self.title}"),
            Edit("orders/admin/order_item.py", '        "product_name",\n', '        "title",\n'),
            Edit(
                "orders/admin/order_item.py",
                '("product_name", "product_sku")',
                '("title", "product_sku")',
            ),
            Edit(
                "orders/services/item.py", '"product_name": product.name', '"title": product.name'
            ),
        ),
    ),
)
BY_NAME = {case.name: case for case in CASES}
