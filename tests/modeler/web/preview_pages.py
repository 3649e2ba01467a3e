"""Addresses of the pages of stored previews, and their words."""

from __future__ import annotations

import re
from html import unescape

from django.urls import reverse

from modeler.models import StoredResult
from tests.modeler.web.stored_previews import KEY


def text_of(response) -> str:
    """Return a page's words in one line, without those of the frame."""
    page = response.content.decode()
    room = page[page.index('class="modeler-rooms"') :]
    room = re.sub(r"<(script|style).*?</\1>", " ", room, flags=re.DOTALL)
    return " ".join(
        unescape(re.sub(r"<wbr>|</?(b|small|strong)>", "", room)).split()
    ) and " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<wbr>", "", room))).split())


def of_migration(stored: StoredResult | None = None, key: str = KEY, **query: str) -> str:
    asked = {"stored": str(stored.pk)} if stored else {}
    pairs = "&".join(f"{name}={value}" for name, value in {**asked, **query}.items())
    return reverse("modeler:preview_migration", args=key.split(".")) + (
        f"?{pairs}" if pairs else ""
    )
