"""Raw SQL against every rule of the shop, and what people are told.

``{name}`` is the key of a row of the sample. A rule that has no line here fails the test of
completeness; so has a line whose rule is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from orders.transitions import LEGAL_MOVES


@dataclass(frozen=True)
class Attack:
    """A write that the rule ``constraint`` refuses, with the field and message people see."""

    constraint: str
    field: str
    message: str
    sql: str


NONE = "__all__"


def _money(table: str, column: str, constraint: str, message: str, name: str) -> list[Attack]:
    return [
        Attack(
            constraint,
            column,
            message,
            f"UPDATE {table} SET {column} = {value} WHERE id = '{{{name}}}'",
        )
        for value in ("-0.01", "'NaN'")
    ]


def _append_only(table: str, constraint: str, message: str) -> list[Attack]:
    return [
        Attack(constraint, NONE, message, sql)
        for sql in (
            f"UPDATE {table} SET created_at = created_at",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        )
    ]


_CATEGORY = "UPDATE catalog_category SET parent_id ="
_ORDER = "UPDATE orders_order SET"
_ITEM = "UPDATE orders_orderitem SET"
_SUBTOTAL = (
    "order_subtotal_is_sum_of_items",
    "subtotal",
    "The subtotal must be the sum of the order's items.",
)
_ADDRESSES = "'{customer}', '{billing}', '{shipping}'"
_EMAIL = ("customer_email_format", "email", "An e-mail address looks like name@example.org.")
_PHONE = (
    "customer_phone_e164",
    "phone",
    "A telephone number starts with + and the country code, digits only.",
)
_COUNTRY = (
    "address_country_two_letters",
    "country_code",
    "A country is two capital letters, such as DE.",
)
_ITEM_SUM = (
    "order_item_total_is_product",
    "total_price",
    "The price is quantity times unit price.",
)

ATTACKS: list[Attack] = [
    # catalog
    Attack(
        "category_slug_unique",
        "slug",
        "Another category has this slug.",
        "UPDATE catalog_category SET slug = 'tools' WHERE id = '{below}'",
    ),
    Attack(
        "category_not_own_parent",
        "parent",
        "A category cannot be its own parent.",
        f"{_CATEGORY} id WHERE id = '{{top}}'",
    ),
    Attack(
        "category_acyclic",
        "parent",
        "A category cannot lie below itself, at any depth.",
        f"{_CATEGORY} '{{below}}' WHERE id = '{{top}}'",
    ),
    Attack(
        "category_acyclic",
        "parent",
        "A category cannot lie below itself, at any depth.",
        "INSERT INTO catalog_category (id, parent_id, name, slug, description, sort_order) VALUES"
        " ('{tag}', '{other_tag}', 'a', 'a', '', 0), ('{other_tag}', '{tag}', 'b', 'b', '', 0)",
    ),
    Attack(
        "tag_slug_unique",
        "slug",
        "Another tag has this slug.",
        "UPDATE catalog_tag SET slug = 'steel'",
    ),
    Attack(
        "product_tag_unique_pair",
        "tag",
        "The product carries this tag already.",
        "INSERT INTO catalog_producttag (product_id, tag_id) VALUES ('{product}', '{tag}')",
    ),
    Attack(
        "product_sku_unique",
        "sku",
        "Another product has this SKU.",
        "UPDATE catalog_product SET sku = 'HAM-1'",
    ),
    *_money(
        "catalog_product",
        "base_price",
        "product_base_price_not_negative",
        "The price cannot be negative.",
        "product",
    ),
    Attack(
        "product_inventory_not_negative",
        "inventory_count",
        "There are not that many pieces in stock.",
        "UPDATE catalog_product SET inventory_count = inventory_count - 100",
    ),
    Attack(
        "price_list_no_overlap",
        "valid",
        "Another price list holds on some of these days.",
        "INSERT INTO catalog_pricelist (name, valid) VALUES ('x', '[2026-12-31,2027-02-01)')",
    ),
    Attack(
        "price_list_valid_not_empty",
        "valid",
        "A price list holds on one day at least.",
        "INSERT INTO catalog_pricelist (name, valid) VALUES ('x', '[2030-01-01,2030-01-01)')",
    ),
    # customers
    Attack(
        "customer_email_unique",
        "email",
        "Another customer has this e-mail address.",
        "UPDATE orders_customer SET email = 'ADA@Example.org' WHERE id = '{stranger}'",
    ),
    *(
        Attack(*_EMAIL, f"UPDATE orders_customer SET email = '{email}'")
        for email in ("", "ada", "ada@", "@example.org", "a b@x.org", "a@b@c.org", "ada@home")
    ),
    *(
        Attack(*_PHONE, f"UPDATE orders_customer SET phone = '{phone}'")
        for phone in ("030123", "+0301234", "+49 30 1", "+1", "+1234567890123456", "+49x")
        if len(phone) <= 16
    ),
    Attack(
        "address_of_customer",
        NONE,
        "This address is there already.",
        # The key is unique too, and older; without it the pair alone has to hold.
        "ALTER TABLE orders_address DROP CONSTRAINT orders_address_pkey;"
        " INSERT INTO orders_address (id, customer_id, address_type, street_line1, street_line2,"
        " city, state_or_province, postal_code, country_code)"
        " SELECT id, customer_id, address_type, '', '', '', '', '', 'DE'"
        " FROM orders_address WHERE id = '{billing}'",
    ),
    Attack(
        "address_one_default",
        "is_default",
        "The customer has a default address of this type.",
        "UPDATE orders_address SET address_type = 'billing', is_default = true"
        " WHERE customer_id = '{customer}'",
    ),
    Attack(
        "address_type_known",
        "address_type",
        "An address is for shipping or for billing.",
        "UPDATE orders_address SET address_type = 'home'",
    ),
    *(
        Attack(*_COUNTRY, f"UPDATE orders_address SET country_code = '{code}'")
        for code in ("", "D", "de", "1A")
    ),
    # orders
    Attack(
        "order_number_unique",
        "order_number",
        "Another order has this number.",
        f"{_ORDER} order_number = 'SO-1'",
    ),
    *(
        Attack(
            f"order_{kind}_address_of_customer",
            f"{kind}_address",
            f"The {kind} address is not one of the customer's.",
            f"{_ORDER} {kind}_address_id = '{{foreign_address}}'",
        )
        for kind in ("billing", "shipping")
    ),
    Attack(
        "order_billing_address_of_customer",
        "billing_address",
        "The billing address is not one of the customer's.",
        "UPDATE orders_address SET customer_id = '{stranger}' WHERE id = '{billing}'",
    ),
    Attack(
        "order_born_pending",
        "status",
        "A new order is pending.",
        "INSERT INTO orders_order (customer_id, billing_address_id, shipping_address_id, status)"
        f" VALUES ({_ADDRESSES}, 'confirmed')",
    ),
    Attack(
        "order_key_stays",
        NONE,
        "The key of an order never changes.",
        f"{_ORDER} id = uuidv7() WHERE id = '{{order}}'",
    ),
    Attack(
        "order_status_transition",
        "status",
        "An order cannot go from this status to that one.",
        f"{_ORDER} status = 'shipped'",
    ),
    Attack(
        "order_status_known",
        "status",
        "There is no such status.",
        # No legal move leads there either: the transition's rule has to stand aside.
        "ALTER TABLE orders_order DISABLE TRIGGER pgtrigger_legal_transition_c13dd;"
        " ALTER TABLE orders_orderstatuschange DROP CONSTRAINT order_status_change_legal;"
        f" {_ORDER} status = 'lost'",
    ),
    *(
        attack
        for column, rule, words in (
            ("subtotal", "subtotal", "subtotal"),
            ("tax_amount", "tax", "tax"),
            ("shipping_amount", "shipping", "shipping"),
        )
        for attack in (
            Attack(
                f"order_{rule}_not_negative",
                column,
                f"The {words} cannot be negative.",
                f"{_ORDER} {column} = {value}, total_amount = total_amount - {column} + {value}",
            )
            for value in ("-0.01", "'NaN'::numeric")
        )
    ),
    Attack(
        "order_total_not_negative",
        "total_amount",
        "The total cannot be negative.",
        # Checks run in the order of their names, so the sum has to stand aside.
        f"ALTER TABLE orders_order DROP CONSTRAINT order_total_is_sum; {_ORDER} total_amount = -1",
    ),
    Attack(
        "order_total_is_sum",
        "total_amount",
        "The total is subtotal, tax and shipping together.",
        f"{_ORDER} total_amount = total_amount + 0.01",
    ),
    *(
        Attack(*_SUBTOTAL, sql)
        for sql in (
            f"{_ORDER} subtotal = subtotal + 1, total_amount = total_amount + 1",
            "INSERT INTO orders_order (customer_id, billing_address_id, shipping_address_id,"
            f" subtotal, total_amount) VALUES ({_ADDRESSES}, 5, 5)",
            "INSERT INTO orders_orderitem (order_id, product_id, product_name, product_sku,"
            " quantity, unit_price, total_price)"
            " VALUES ('{order}', '{other_product}', 'n', 's', 1, 5, 5)",
            "DELETE FROM orders_orderitem WHERE id = '{item}'",
            f"{_ITEM} quantity = 3, total_price = 3 * unit_price WHERE id = '{{item}}'",
            f"{_ITEM} product_id = '{{other_product}}', order_id = '{{other_order}}'"
            " WHERE id = '{item}'",
            # The order that the item came to is set right; the one that it left is not.
            f"{_ITEM} product_id = '{{other_product}}', order_id = '{{other_order}}'"
            f" WHERE id = '{{item}}'; {_ORDER} subtotal = 59.70,"
            " total_amount = 59.70 + tax_amount + shipping_amount WHERE id = '{other_order}'",
        )
    ),
    Attack(
        "order_item_unique_product",
        "product",
        "The product is in this order already.",
        f"{_ITEM} order_id = '{{order}}'",
    ),
    *(
        Attack(
            "order_item_quantity_positive",
            "quantity",
            "At least one piece.",
            f"{_ITEM} quantity = {quantity}, total_price = {quantity} * unit_price",
        )
        for quantity in (0, -1)
    ),
    *(
        Attack(
            "order_item_unit_price_not_negative",
            "unit_price",
            "The price cannot be negative.",
            f"{_ITEM} unit_price = {price}, total_price = {price} * quantity",
        )
        for price in ("-1", "'NaN'::numeric")
    ),
    Attack(*_ITEM_SUM, f"{_ITEM} total_price = total_price + 0.01"),
    # payments
    Attack(
        "payment_provider_reference_unique",
        "provider_reference",
        "Another payment has this reference of the provider.",
        "INSERT INTO orders_payment (order_id, amount, provider_reference, idempotency_key)"
        " VALUES ('{order}', 1, 'r', 'a'), ('{order}', 1, 'r', 'b')",
    ),
    Attack(
        "payment_idempotency_key_unique",
        "idempotency_key",
        "This payment was made already.",
        "INSERT INTO orders_payment (order_id, amount, provider_reference, idempotency_key)"
        " VALUES ('{other_order}', 1, '', 'first')",
    ),
    *(
        Attack(
            "payment_amount_positive",
            "amount",
            "A payment is more than nothing.",
            f"UPDATE orders_payment SET amount = {amount}",
        )
        for amount in ("0", "-1", "'NaN'")
    ),
    Attack(
        "payment_status_known",
        "status",
        "There is no such status.",
        "UPDATE orders_payment SET status = 'lost'",
    ),
    # logs
    Attack(
        "order_status_change_legal",
        "to_status",
        "An order cannot go from this status to that one.",
        "INSERT INTO orders_orderstatuschange (order_id, from_status, to_status, actor)"
        " VALUES ('{order}', 'cancelled', 'shipped', 'x')",
    ),
    *_append_only(
        "orders_orderstatuschange",
        "order_status_change_append_only",
        "What happened to an order can only be added to.",
    ),
    *(
        attack
        for table, noun in (
            ("catalog_productevent", "product"),
            ("orders_customerevent", "customer"),
            ("orders_orderevent", "order"),
            ("orders_paymentevent", "payment"),
        )
        for attack in _append_only(
            table,
            f"{noun}_event_append_only",
            f"The history of {noun} rows can only be added to.",
        )
    ),
]

assert ("pending", "shipped") not in LEGAL_MOVES
