"""The audit trail: each change of a tracked row, with who and why, written by triggers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from pghistory import config
from pghistory.trigger import Event
from pgtrigger import compiler

from catalog.triggers import append_only, in_bulk

# Moves on every UPDATE, so it cannot tell a change from none.
_STAMPS = ("updated_at", "version")


class DatedEvent(Event):
    """Dates the event as the row's own stamp says, so that both agree to the microsecond."""

    def get_func(self, model: Any) -> pgtrigger.Func:
        text = super().get_func(model).func
        row = "new_values" if self.level == pgtrigger.Statement else "NEW"
        moment = "shop_clock()" if self.row == "OLD" else f'{row}."updated_at"'
        head, found, tail = text.rpartition(config.created_at_function())
        if not found:
            raise AssertionError("pghistory no longer dates its events by created_at_function()")
        return pgtrigger.Func(head + moment + tail)


class BulkEventSql(compiler.UpsertTriggerSql):
    """The SQL of a history trigger that joins the rows before and after a statement."""

    def get_template(self) -> str:
        return in_bulk(super().get_template())


class BulkDatedEvent(DatedEvent):
    """Writes the changes of a whole statement at once; the keys of the rows must never change."""

    def compile(self, model: Any) -> compiler.Trigger:
        options: dict[str, Any] = super().compile(model).sql.kwargs
        return compiler.Trigger(name=self.name, sql=BulkEventSql(**options))


class _Dated(pghistory.RowEvent):
    def add_event_trigger(self, event_model: Any) -> None:
        joins = self.level == pgtrigger.Statement and self.operation == pgtrigger.Update
        pgtrigger.register(
            (BulkDatedEvent if joins else DatedEvent)(
                event_model=event_model,
                label=self.label,
                name=self.trigger_name,
                row=self.row,
                operation=self.operation,
                condition=self.condition,
                level=self.level,
            )
        )(event_model.pgh_tracked_model)


class InsertEvent(_Dated, pghistory.InsertEvent):
    """A row was born."""


class UpdateEvent(_Dated, pghistory.UpdateEvent):
    """A row changed."""


class DeleteEvent(_Dated, pghistory.DeleteEvent):
    """A row was erased."""


def tracked(
    *, exclude: tuple[str, ...] = (), keys_stay: bool = False
) -> Callable[[type[models.Model]], type[models.Model]]:
    """Keep the history of a model in ``<Model>Event``, append-only.

    Who and why travel in ``pghistory.context(user=…, reason=…)`` and are stored in the event
    itself: the foreign key to a context row would cost a subtransaction per row.

    Args:
        exclude: fields that are derived and need no history.
        keys_stay: whether a rule refuses to change a key, so that the rows before and after a
            statement can be joined by it, and their changes written at once.
    """

    def track(model: type[models.Model]) -> type[models.Model]:
        unchanged = [*exclude, *(n for n in _STAMPS if n in _field_names(model))]
        noun = model._meta.verbose_name
        return pghistory.track(
            InsertEvent(level=pgtrigger.Statement),
            UpdateEvent(
                condition=pgtrigger.AnyChange(exclude=unchanged),
                level=pgtrigger.Statement if keys_stay else pgtrigger.Row,
            ),
            DeleteEvent(),
            exclude=list(exclude),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            attrs={
                # Four bytes would be used up by two thousand million events.
                "pgh_id": models.BigAutoField(primary_key=True),
                **_references(model, exclude),
            },
            meta={
                "db_table_comment": f"Every state of every {noun}, with who and why.",
                "verbose_name": f"{noun} event",
                "triggers": append_only(
                    f"{model._meta.model_name}_event_append_only",
                    f"The history of {noun} rows can only be added to.",
                ),
            },
        )(model)

    return track


def _field_names(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.local_fields}


def _references(model: type[models.Model], exclude: tuple[str, ...]) -> dict[str, models.Field]:
    """Return the foreign keys of the event model, bare: nobody searches history by them."""
    return {
        field.name: models.ForeignKey(
            field.remote_field.model,
            on_delete=models.DO_NOTHING,
            db_constraint=False,
            db_index=False,
            null=field.null,
            related_name="+",
            related_query_name="+",
            db_comment=field.db_comment,
        )
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.name not in exclude
    }
