"""The shop's documents in MongoDB: orders, products and customers, each whole."""

from __future__ import annotations

from modeler.mongo.aggregate import (
    Aggregate,
    Computed,
    DeclaredIndex,
    Measure,
    Part,
    PartKind,
)

# What an order needs of an address, as it is now: what was written on the parcel.
ADDRESS = (
    "id", "address_type", "street_line1", "street_line2", "city", "state_or_province",
    "postal_code", "country_code",
)  # fmt: skip

ORDERS = Aggregate(
    "orders.Order",
    "orders",
    parts=(
        Part("items", PartKind.ARRAY, "orders.OrderItem.order", order=("created_at",)),
        Part("payments", PartKind.ARRAY, "orders.Payment.order", order=("created_at",)),
        Part("history", PartKind.ARRAY, "orders.OrderStatusChange.order", order=("created_at",)),
        Part("customer", PartKind.COPY, "orders.Order.customer",
             columns=("email", "first_name", "last_name")),
        Part("billing", PartKind.COPY, "orders.Order.billing_address", columns=ADDRESS),
        Part("shipping", PartKind.COPY, "orders.Order.shipping_address", columns=ADDRESS),
    ),
    computed=(
        Computed("item_count", "orders.OrderItem.order"),
        Computed("pieces", "orders.OrderItem.order", Measure.SUM, "quantity"),
    ),
)  # fmt: skip

PRODUCTS = Aggregate(
    "catalog.Product",
    "products",
    parts=(
        Part("category_path", PartKind.PATH, "catalog.Product.category",
             columns=("id", "name", "slug"), up="catalog.Category.parent"),
        Part("tags", PartKind.VALUES, "catalog.ProductTag.product",
             parts=(Part("tag", PartKind.COPY, "catalog.ProductTag.tag", columns=("slug",)),)),
    ),
    indexes=(
        DeclaredIndex((("tags", 1),), reason="products of a tag"),
        DeclaredIndex((("category_path.id", 1), ("base_price", 1)),
                      reason="products of a category and of all below it, by price"),
    ),
)  # fmt: skip

CUSTOMERS = Aggregate(
    "orders.Customer",
    "customers",
    parts=(Part("addresses", PartKind.ARRAY, "orders.Address.customer"),),
    computed=(Computed("order_count", "orders.Order.customer"),),
)

SESSIONS = Aggregate(
    "sessions.Session",
    "sessions",
    # The index deletes documents whose rows may stay, so that rows are not followed.
    follow=False,
    indexes=(
        DeclaredIndex((("expire_date", 1),), (("expireAfterSeconds", 0),),
                      reason="a session goes when its time is over"),
    ),
)  # fmt: skip

COLLECTIONS = (ORDERS, PRODUCTS, CUSTOMERS, SESSIONS)
