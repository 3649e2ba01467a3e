"""A write that was refused, carried to the form that asked for it.

Admin writes after its forms are valid, so what the database refuses would be a 500. Here the
refusal is noted with the prefix of its form, everything is rolled back, and the same request is
looked at once more: this time that form is not valid, for it has the refusal's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from catalog.violations import violation_errors, violations

Errors = dict[str, list[str]]

GONE = "Somebody else removed a row meanwhile. Open the page again to see what is left."


class Refused(Exception):
    """What was refused (field to messages), and the prefix of the form that wanted it."""

    def __init__(self, prefix: str, errors: Errors) -> None:
        super().__init__("; ".join(text for texts in errors.values() for text in texts))
        self.prefix, self.errors = prefix, errors


@contextmanager
def refusals_of(prefix: str | None) -> Iterator[None]:
    """Turn what database and services refuse inside into ``Refused`` for one form."""
    try:
        yield
    except (IntegrityError, ValidationError) as error:
        raise Refused(prefix or "", refusal_errors(error)) from error


def refusal_errors(error: IntegrityError | ValidationError) -> Errors:
    """Return field to messages; the key for the whole form is ``NON_FIELD_ERRORS``."""
    if isinstance(error, IntegrityError):
        return {field: [text] for field, text in violation_errors(error).items()}
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {NON_FIELD_ERRORS: error.messages}


def deferred_rules_check() -> None:
    """Have every rule that waits for the commit checked now, and wait again afterwards.

    Raises:
        IntegrityError: one of them is broken.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refusals_noted(request: HttpRequest) -> dict[str, Errors]:
    """Return what was refused when this request was tried before: form prefix to errors."""
    return getattr(request, "shop_refusals", {})


def refusal_note(request: HttpRequest, refused: Refused) -> None:
    """Note a refusal for the second look at the request."""
    request.shop_refusals = {refused.prefix: refused.errors}  # type: ignore[attr-defined]


class RefusableForm(forms.ModelForm):
    """A form that says the shop's words at the field they concern."""

    refusals: ClassVar[Mapping[str, Errors]] = {}
    # Services speak of the fields of their own models; here of the form's: theirs to ours.
    concerns: ClassVar[Mapping[str, str]] = {}

    def _post_clean(self) -> None:
        # Looked up on the instance, so the words and places below stand in for the model's own.
        self.instance.validate_constraints = self._validate_constraints_by_field
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del self.instance.validate_constraints
        for name, messages in self.refusals.get(self.prefix or "", {}).items():
            self.add_error(self._place(name), [ValidationError(text) for text in messages])

    def _place(self, name: str) -> str:
        """Return the field that shows what is said of ``name``, else the top of the form."""
        field = self.concerns.get(name, name)
        shown = field in self.fields and not self.fields[field].widget.is_hidden
        return field if shown else NON_FIELD_ERRORS

    def _validate_constraints_by_field(self, exclude: Any = None) -> None:
        """Try the constraints as the model does, but name the field that each one concerns."""
        found: Errors = {}
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError:
                    known = violations()[constraint.name]
                    found.setdefault(self._place(known.field), []).append(known.message)
        if found:
            raise ValidationError(found)


class RefusableFormSet(BaseInlineFormSet):
    """Rows of an inline that say what was refused at the row that asked for it."""

    def clean(self) -> None:
        super().clean()
        key = self.model._meta.pk.name  # type: ignore[union-attr]
        if any(key in form.errors for form in self.initial_forms):
            # Said at the row's key it would not be seen: that field is hidden.
            raise ValidationError(GONE)

    def save_new(self, form: Any, commit: bool = True) -> Any:
        with refusals_of(form.prefix):
            return self.row_add(form)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        with refusals_of(form.prefix):
            return self.row_change(form, obj)

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        try:
            with refusals_of(""):
                self.row_remove(obj)
        except Refused as refused:
            # The row's own form is not looked at when it goes, so the page's form tells it.
            told = [f"{obj}: {refused}"]
            raise Refused("", {NON_FIELD_ERRORS: told}) from refused

    def row_add(self, form: Any) -> Any:
        """Write a new row, and return it."""
        return super().save_new(form)

    def row_change(self, form: Any, obj: Any) -> Any:
        """Write the changes of a row, and return it."""
        changed = [name for name in form.changed_data if name in form._meta.fields]
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[name for name in changed if name in columns])
        return obj

    def row_remove(self, obj: Any) -> None:
        """Remove a row."""
        obj.delete()
