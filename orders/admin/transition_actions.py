"""Moving orders along the table of transitions: buttons on a page, actions on a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path, reverse

from catalog.admin.refusal import Refused, refusal_errors
from catalog.admin.violation_messages import ViolationMessages
from orders.services import order_change_status
from orders.status import OrderStatus
from orders.transitions import TRANSITIONS, transitions_from

# What people do, and where it leads; each leads to one state.
MOVES: dict[str, OrderStatus] = {t.name: t.target for t in TRANSITIONS}


class TransitionActions(ViolationMessages):
    """Offers what the table of transitions has, and nothing else."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.transition_view)
        name = "orders_order_transition"
        return [path("<path:object_id>/do/<slug:name>/", view, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not self.has_change_permission(request):
            return actions
        return {**actions, **{name: _action(name) for name in MOVES}}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        order = kwargs.get("obj")
        if order is not None and self.has_change_permission(request):
            context["moves"] = transitions_from(order.status)
        return super().render_change_form(request, context, *args, **kwargs)

    def transition_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Move one order, by POST."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if name not in MOVES:
            raise Http404(f"Orders know no “{name}”.")
        order = self.get_object(request, unquote(object_id))
        if order is None:
            raise Http404("There is no such order.")
        if not self.has_change_permission(request, order):
            raise PermissionDenied
        self.orders_move(request, [order], name)
        page = reverse("admin:orders_order_change", args=[quote(order.pk)])
        return HttpResponseRedirect(page)

    def orders_move(self, request: HttpRequest, orders: Any, name: str) -> None:
        """Do it to each order in a transaction of its own, and tell what became of them."""
        moved, refused = 0, Counter[str]()
        for order in orders:
            try:
                order_change_status(
                    order_id=order.pk,
                    to=MOVES[name],
                    actor=request.user,
                    reason=self.reason_of(request),
                )
            except (IntegrityError, ValidationError) as error:
                refused[str(Refused("", refusal_errors(error)))] += 1
            else:
                moved += 1
                self.log_change(request, order, f"Now {MOVES[name].label.lower()}.")
        if moved:
            noun = "order is" if moved == 1 else "orders are"
            done = MOVES[name].label.lower()
            self.message_user(request, f"{moved} {noun} {done} now.", messages.SUCCESS)
        for text, count in refused.most_common(10):
            more = f" ({count} times)" if count > 1 else ""
            self.message_user(request, f"{text}{more}", messages.ERROR)
        if len(refused) > 10:
            rest = f"{len(refused) - 10} more orders could not be moved."
            self.message_user(request, rest, messages.ERROR)


def _action(name: str) -> tuple[Callable[..., None], str, str]:
    def move(model_admin: TransitionActions, request: HttpRequest, queryset: Any) -> None:
        model_admin.orders_move(request, queryset, name)

    return move, name, f"{name.capitalize()} selected orders"
