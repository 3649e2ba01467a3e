"""Who uses the admin in tests, and how a page's form is sent back."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from config.roles import roles_make


def client_of(role: str, name: str = "") -> Client:
    """Return a browser in which somebody with this role is logged in."""
    model: Any = get_user_model()
    user = model.objects.create(username=name or role, is_staff=True)
    user.groups.set([roles_make()[role]])
    client = Client()
    client.force_login(user)
    return client


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._select: str = ""
        self._text: str = ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        told = dict(attributes)
        if tag == "form":
            self.forms.append({"": told.get("id", "")})
            return
        if not self.forms:
            return
        fields, name = self.forms[-1], told.get("name", "")
        if tag == "input" and name and told.get("type") not in ("submit", "checkbox", "radio"):
            fields[name] = told.get("value", "")
        elif tag == "input" and name and told.get("type") == "checkbox" and "checked" in told:
            fields[name] = told.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in told:
            fields[self._select] = told.get("value", "")
        elif tag == "textarea":
            self._text = name
            fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][self._text] += data


def form_of(client: Client, url: str, form_id: str) -> dict[str, Any]:
    """Return what a browser would send of a page's form if nothing was typed."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return fields_in(response.content.decode(), form_id)


def fields_in(html: str, form_id: str) -> dict[str, Any]:
    """Return the fields of the form with that id."""
    reader = _Fields()
    reader.feed(html)
    (found,) = [fields for fields in reader.forms if fields[""] == form_id]
    del found[""]
    return {name: value.lstrip("\n") for name, value in found.items()}


def errors_in(html: str) -> list[str]:
    """Return the errors that a page shows, in order."""
    lists = re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', html, re.DOTALL)
    return [text for found in lists for text in re.findall(r"<li>(.*?)</li>", found, re.DOTALL)]
