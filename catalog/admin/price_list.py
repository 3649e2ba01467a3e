"""Price lists."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.forms import RangeWidget

from catalog.admin.shop_admin import ShopAdmin
from catalog.models import PriceList


@admin.register(PriceList)
class PriceListAdmin(ShopAdmin):
    """The days on which a list holds."""

    list_display = ("name", "first_day", "day_after", "updated_at")
    search_fields = ("name",)
    ordering = ("valid", "id")
    date_hierarchy = "created_at"
    formfield_overrides = {
        DateRangeField: {
            "widget": RangeWidget(AdminDateWidget()),
            "help_text": "First day, and the day after the last.",
        }
    }
    fieldsets = (
        (None, {"fields": ("name", "valid")}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )

    @admin.display(description="from", ordering="valid", empty_value="–")
    def first_day(self, row: PriceList) -> Any:
        return row.valid.lower

    @admin.display(description="until before", empty_value="–")
    def day_after(self, row: PriceList) -> Any:
        return row.valid.upper
