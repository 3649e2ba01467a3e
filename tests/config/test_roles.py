"""Who may open what."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from config.roles import ADMINISTRATOR, ROLES, roles_make
from modeler import permissions

pytestmark = pytest.mark.django_db

SHOP = ("catalog.change_product", "orders.change_order", "orders.view_orderstatuschange")


def permitted(role: str) -> set[str]:
    user = get_user_model().objects.create(
        username=role, is_staff=True, is_superuser=role == ADMINISTRATOR
    )
    if role in ROLES:
        user.groups.set([roles_make()[role]])
    return set(user.get_all_permissions())


def test_analysts_have_the_shop_and_nothing_else() -> None:
    found = permitted("analyst")
    assert set(SHOP) <= found
    assert {name.split(".")[0] for name in found} == {"catalog", "orders"}


def test_architects_keep_and_share_and_deployers_keep_and_apply() -> None:
    kept = {f"modeler.view_{each}" for each in ("savedview", "schemasnapshot", "storedresult")}
    both = {permissions.READ, permissions.STORE, *kept}
    assert permitted("architect") == both | {permissions.SHARE}
    assert permitted("deployer") == both | {permissions.APPLY}


def test_administrators_have_all() -> None:
    every = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.all()}
    assert permitted(ADMINISTRATOR) == every


def test_making_them_again_takes_back_what_they_should_not_have() -> None:
    group = roles_make()["architect"]
    right = set(group.permissions.values_list("codename", flat=True))
    group.permissions.add(Permission.objects.get(codename="delete_order"))
    assert set(roles_make()["architect"].permissions.values_list("codename", flat=True)) == right
