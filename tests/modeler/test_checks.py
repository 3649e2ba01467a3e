from __future__ import annotations

import pytest
from django.core.checks import Error
from django.test import override_settings

from modeler.checks import check_settings


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, []),
        ({"ADMIN_SITE": "tests.blog.site.desk"}, []),
        (
            {"DESIGN_INDEXES": ["blog.Post.title"]},
            [
                Error(
                    "MODELER['DESIGN_INDEXES'] holds 'blog.Post.title'. An index is a sequence of "
                    "columns such as orders.Payment.method.",
                    hint="See docs/collections.md and docs/collection-design.md.",
                    id="modeler.E003",
                )
            ],
        ),
        (
            {"ADMIN_STIE": "x"},
            [
                Error(
                    "The setting MODELER['ADMIN_STIE'] does not exist. "
                    "Use ADMIN_SITE, or remove it.",
                    id="modeler.E001",
                )
            ],
        ),
        (
            "x",
            [
                Error(
                    "The setting MODELER must be a dict; see docs/servers.md.",
                    id="modeler.E001",
                )
            ],
        ),
        (
            {"ADMIN_SITE": "tests.blog.site.dask"},
            [
                Error(
                    "MODELER['ADMIN_SITE'] cannot be imported: Module \"tests.blog.site\" does "
                    'not define a "dask" attribute/class.',
                    hint="Name the AdminSite by its dotted path, or leave it out.",
                    id="modeler.E002",
                )
            ],
        ),
    ],
)
def test_settings(given, found):
    with override_settings(MODELER=given):
        assert check_settings() == found
