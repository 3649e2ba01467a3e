"""Every page in a real Chromium, under a strict policy."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.mark.parametrize("name", ["cockpit", "diagram", "preview", "collections"])
def test_pages_work_under_a_strict_policy(opened, name):
    page = opened(name)
    assert page.locator(".modeler-page").is_visible()
