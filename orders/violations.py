"""Which field each refusal of the database concerns; see ``catalog.violations``."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS

FIELDS: dict[str, str] = {
    "customer_email_unique": "email",
    "customer_email_format": "email",
    "customer_phone_e164": "phone",
    "customer_event_append_only": NON_FIELD_ERRORS,
    "address_of_customer": NON_FIELD_ERRORS,
    "address_one_default": "is_default",
    "address_type_known": "address_type",
    "address_country_two_letters": "country_code",
    "order_number_unique": "order_number",
    "order_billing_address_of_customer": "billing_address",
    "order_shipping_address_of_customer": "shipping_address",
    "order_born_pending": "status",
    "order_key_stays": NON_FIELD_ERRORS,
    "order_status_known": "status",
    "order_status_transition": "status",
    "order_subtotal_not_negative": "subtotal",
    "order_subtotal_is_sum_of_items": "subtotal",
    "order_tax_not_negative": "tax_amount",
    "order_shipping_not_negative": "shipping_amount",
    "order_total_not_negative": "total_amount",
    "order_total_is_sum": "total_amount",
    "order_event_append_only": NON_FIELD_ERRORS,
    "order_item_unique_product": "product",
    "order_item_quantity_positive": "quantity",
    "order_item_unit_price_not_negative": "unit_price",
    "order_item_total_is_product": "total_price",
    "payment_provider_reference_unique": "provider_reference",
    "payment_idempotency_key_unique": "idempotency_key",
    "payment_amount_positive": "amount",
    "payment_status_known": "status",
    "payment_event_append_only": NON_FIELD_ERRORS,
    "order_status_change_legal": "to_status",
    "order_status_change_append_only": NON_FIELD_ERRORS,
}

# The keys of two columns are made by a migration, so no model has words for them.
MESSAGES: dict[str, str] = {
    "order_billing_address_of_customer": "The billing address is not one of the customer's.",
    "order_shipping_address_of_customer": "The shipping address is not one of the customer's.",
}
