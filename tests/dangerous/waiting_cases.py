"""Migrations that make people wait, all of them what real projects do."""

from __future__ import annotations

from tests.dangerous.dangerous import Dangerous, Edit, before, first_of
from tests.dangerous.load import Habits

ITEM, CHANGE = "orders/models/order_item.py", "orders/models/status_change.py"
PRICE = "    unit_price = MoneyField("
INDEXES = "        indexes = [\n            # Units and revenue of a product"
ITEM_RULES = "        constraints = [\n            models.UniqueConstraint("
CHANGE_RULES = "        constraints = [\n            models.CheckConstraint("
ON_ITEMS = "Reads and writes of orders_orderitem wait while "

TOKEN = Dangerous(
    "item_token",
    (
        before(ITEM, PRICE, "    token = models.UUIDField(db_default=RandomUUID())\n"),
        before(
            ITEM,
            "from django.db import models\n",
            "from django.contrib.postgres.functions import RandomUUID\n",
        ),
    ),
    found=(
        (
            "MP203",
            f"{ON_ITEMS}every row is written anew, because the default of token is computed for "
            "each row.",
        ),
    ),
    files=(
        "0006_1_orderitem_token_column",
        "0006_2_orderitem_token_fill",
        "0006_3_orderitem_token_validate_present",
        "0006_item_token",
    ),
)
INDEX = Dangerous(
    "item_sku_index",
    (first_of(ITEM, INDEXES, 'models.Index(fields=["product_sku"], name="item_by_sku"),'),),
    found=(("MP401", "Writes to orders_orderitem wait while the index item_by_sku is built."),),
    files=("0006_item_sku_index",),
)
UNIQUE = Dangerous(
    "item_sku_once",
    (
        first_of(
            ITEM,
            ITEM_RULES,
            'models.UniqueConstraint(fields=["order", "product_sku"], name="item_sku_once"),',
        ),
    ),
    found=(
        (
            "MP305",
            f"{ON_ITEMS}the unique index on order_id, product_sku is built; duplicates make it "
            "fail.",
        ),
    ),
    files=("0006_1_orderitem_item_sku_once_unique_index", "0006_item_sku_once"),
)
CHECK = Dangerous(
    "change_actor_named",
    (
        first_of(
            CHANGE,
            CHANGE_RULES,
            'models.CheckConstraint(condition=~Q(actor=""), name="status_change_actor_named"),',
        ),
    ),
    found=(
        (
            "MP301",
            "Reads and writes of orders_orderstatuschange wait while every row is held against "
            "the check status_change_actor_named.",
        ),
    ),
    files=("0006_1_orderstatuschange_status_change_actor_named", "0006_change_actor_named"),
    scans=True,
)
NOTE = "    note = models.CharField(max_length=200, blank=True, {0})\n"
NOT_NULL = Dangerous(
    "item_note_required",
    (Edit(ITEM, NOTE.format("null=True"), NOTE.format('default=""')),),
    before=(before(ITEM, PRICE, NOTE.format("null=True")),),
    # Code that still wrote NULL would be refused by any form; it was changed one release before.
    habits=Habits(item=(("note", "'please'"),)),
    found=(
        (
            "MP222",
            "Code that still runs may write NULL into orders_orderitem.note, which is refused "
            "from now on.",
        ),
        ("MP223", f"{ON_ITEMS}every NULL in note is replaced, then every row is checked."),
        (
            "MP707",
            "Undoing it does not bring everything back: 11 of 20 rows of orders_orderitem are not "
            "what they were.",
        ),
    ),
    files=(
        "0007_1_orderitem_note_column",
        "0007_2_orderitem_note_fill",
        "0007_3_orderitem_note_validate_present",
        "0007_item_note_required",
    ),
)
REFERENCE = Dangerous(
    "item_payment",
    (
        before(
            ITEM,
            PRICE,
            "    payment = models.ForeignKey(\n"
            '        "orders.Payment", null=True, on_delete=models.PROTECT\n    )\n',
        ),
    ),
    found=(
        (
            "MP209",
            f"{ON_ITEMS}the index of the new foreign key payment_id is built; writes to "
            "orders_payment wait as well.",
        ),
    ),
    files=(
        "0006_1_orderitem_payment_column",
        "0006_2_orderitem_payment_index",
        "0006_3_orderitem_payment_foreign_key",
        "0006_item_payment",
    ),
)
PAYMENT = """    payment = models.ForeignKey(
        "orders.Payment", on_delete=models.DO_NOTHING, null=True, db_index=False,
        {0}related_name="+",
    )
"""
VALIDATION = Dangerous(
    "change_payment_enforced",
    (Edit(CHANGE, PAYMENT.format("db_constraint=False, "), PAYMENT.format("")),),
    before=(before(CHANGE, "    reason = models.", PAYMENT.format("db_constraint=False, ")),),
    filled="ALTER TABLE orders_orderstatuschange DROP COLUMN payment_id, ADD COLUMN payment_id "
    "uuid DEFAULT '00000000-0000-7000-8000-000000000001'; "
    "ALTER TABLE orders_orderstatuschange ALTER payment_id DROP DEFAULT",
    found=(
        (
            "MP303",
            "Writes to orders_orderstatuschange and orders_payment wait while every row is "
            "checked against the foreign key "
            "orders_orderstatusch_payment_id_3371957d_fk_orders_pa.",
        ),
    ),
    files=("0007_1_orderstatuschange_payment_foreign_key", "0007_change_payment_enforced"),
    scans=True,
)
BIGGER = Dangerous(
    "item_quantity_big",
    (Edit(ITEM, "quantity = models.IntegerField(", "quantity = models.BigIntegerField("),),
    found=(("MP221", f"{ON_ITEMS}every row is written anew, because quantity becomes bigint."),),
    files=(
        "0006_1_orderitem_quantity_new_column",
        "0006_2_orderitem_quantity_fill_new",
        "0006_3_orderitem_quantity_new_index",
        "0006_4_orderitem_quantity_checks_present",
        "0006_5_orderitem_quantity_validate",
        "0006_item_quantity_big",
    ),
)
SKU = '    product_sku = models.CharField("SKU", max_length={0},'
SHORTER = Dangerous(
    "item_sku_shorter",
    (Edit(ITEM, SKU.format(40), SKU.format(32)),),
    found=(
        (
            "MP221",
            f"{ON_ITEMS}every row is written anew, because product_sku becomes varchar(32).",
        ),
        (
            "MP229",
            "orders_orderitem.product_sku becomes varchar(32), which does not hold values longer "
            "than 32 characters; code that still runs may write such values.",
        ),
    ),
    files=(
        "0006_1_orderitem_product_sku_new_column",
        "0006_2_orderitem_product_sku_fill_new",
        "0006_3_orderitem_product_sku_present",
        "0006_4_orderitem_product_sku_validate",
        "0006_item_sku_shorter",
    ),
)
INDEX_GONE = Dangerous(
    "item_sales_dropped",
    (
        Edit(
            ITEM,
            '            models.Index(\n                fields=["product"], '
            'include=["quantity", "total_price"], name="item_sales"\n            ),\n',
            "",
        ),
    ),
    reports=True,
    found=(
        (
            "MP402",
            "Dropping the index item_sales stops reads and writes of orders_orderitem, once it "
            "gets its lock and until the migration ends.",
        ),
    ),
    files=("0006_item_sales_dropped",),
)
NET = Dangerous(
    "item_net_price",
    (before(ITEM, PRICE, "    net_price = MoneyField(null=True)\n"),),
    code="""from django.db.models import F


def fill(apps, schema_editor):
    \"\"\"Give every item its net price.\"\"\"
    Item = apps.get_model("orders", "OrderItem")
    Item.objects.update(net_price=F("total_price") / 2)

""",
    found=(
        (
            "MP503",
            f"{ON_ITEMS}fill writes rows of orders_orderitem, because a lock that was taken "
            "before is kept.",
        ),
        (
            "MP707",
            "Undoing it does not bring everything back: 20 of 20 rows of orders_orderitem are not "
            "what they were.",
        ),
        (
            "MP603",
            "fill changes rows of orders_orderitem with one statement: they stay locked until the "
            "last one is done.",
        ),
    ),
    files=("0006_1_orderitem_net_price", "0006_item_net_price"),
)
WAITING = (
    TOKEN, INDEX, UNIQUE, CHECK, NOT_NULL, REFERENCE, VALIDATION, BIGGER, SHORTER, INDEX_GONE,
    NET,
)  # fmt: skip
