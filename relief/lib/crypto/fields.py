"""Model fields whose columns hold sealed values only.

The model has a `row_key = CharField(max_length=32, default=new_row_key, unique=True, editable=False)`; table, column
and row key are bound into the cipher text (so a renamed table or column needs its values sealed anew). A value is
sealed when the row is written and opened when the attribute is read; a loaded row holds a `Sealed` token in memory.
`only("id_number")` without "row_key" costs a query per row.
"""

import json

from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from relief.lib.crypto.sealing import ClearTextRefused, open_text, seal_text

_PICKLED = "pickled attribute"


class Sealed:
    """What the database holds for one sealed value; it tells nothing about what is in it."""

    __slots__ = ("text",)

    def __init__(self, text: str):
        self.text = text

    def __repr__(self):
        return "<sealed>"

    def __eq__(self, other):
        return isinstance(other, Sealed) and self.text == other.text

    def __hash__(self):
        return hash(self.text)


class _Clear:
    """A value set in memory and not yet written; pickled (job, cache, test process) it is sealed."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return "<clear>"

    def __reduce__(self):
        return _unpickled, (seal_text(json.dumps(self.value), _PICKLED),)


def _unpickled(text: str) -> _Clear:
    return _Clear(json.loads(open_text(text, _PICKLED)))


def sealed(instance: models.Model, field_name: str, value) -> Sealed | str | None:
    """The value sealed for this row, to be named in `queryset.update(...)` by a compare-and-swap.

    >>> # Dossier.objects.filter(pk=…, version=seen).update(id_number=sealed(dossier, "id_number", "…"))
    """
    return instance._meta.get_field(field_name).seal(instance.row_key, value)


class _SealedAttribute(DeferredAttribute):
    """Opens on reading; a data descriptor, because Django's own would be bypassed by the instance's dict."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        held = super().__get__(instance, cls)
        if isinstance(held, Sealed):
            value = self.field.open(instance.row_key, held)
            if self.field.keeps_opened:
                instance.__dict__[self.field.attname] = _Clear(value)
            return value
        return held.value if isinstance(held, _Clear) else held

    def __set__(self, instance, value):
        if not isinstance(value, Sealed | _Clear) and not self.field.is_empty(value):
            value = _Clear(value)
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text of class L4. Empty text and NULL stay as they are; only `isnull` can be asked of the column."""

    descriptor_class = _SealedAttribute
    keeps_opened = False

    def seal(self, row_key: str, value) -> Sealed | str | None:
        """What may be written into this column of the row with this key."""
        if self.is_empty(value):
            return value
        return Sealed(seal_text(self.dump(value), self._place(row_key)))

    def open(self, row_key: str, held: Sealed | str | None):
        """The value in what was read from this column of the row with this key; `Tampered` when it does not belong."""
        return self.load(open_text(held.text, self._place(row_key))) if isinstance(held, Sealed) else held

    def is_empty(self, value) -> bool:
        return value is None or value == ""

    def dump(self, value) -> str:
        if not isinstance(value, str):
            raise ClearTextRefused(f"{self.model.__name__}.{self.name} holds text, not {type(value).__name__}")
        return value

    def load(self, text: str):
        return text

    def _place(self, row_key: str) -> str:
        if not row_key:
            raise ClearTextRefused(f"{self.model.__name__}.{self.name} needs a row_key to be sealed")
        return f"{self.model._meta.db_table}|{self.column}|{row_key}"

    def from_db_value(self, value, expression, connection):
        return value if value is None or value == "" else Sealed(value)

    def pre_save(self, model_instance, add):
        attribute = model_instance.__dict__
        held = attribute.get(self.attname)
        if isinstance(held, Sealed):
            # a value moved here from another row, or a changed row key, must not become unreadable for good
            self.open(model_instance.row_key, held)
            return held
        held = self.seal(model_instance.row_key, held.value if isinstance(held, _Clear) else held)
        attribute[self.attname] = held
        return held

    def get_prep_value(self, value):
        if isinstance(value, Sealed):
            return value.text
        if value is None or value == "":
            return value
        raise ClearTextRefused(
            f"{self.model.__name__}.{self.name} is sealed: save the instance, or update(…=sealed(instance, …))"
        )

    def get_placeholder(self, value, compiler, connection):
        if hasattr(value, "as_sql"):
            raise ClearTextRefused(f"{self.model.__name__}.{self.name} is sealed: it takes no expression")
        return "%s"

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: only isnull can be asked; look numbers up by their blind index")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name):
        raise FieldError(f"{self.name} is sealed: nothing can be asked of what is in it")

    def value_to_string(self, obj):
        # dumpdata writes what the column holds, not what is in it
        held = self.seal(obj.row_key, self.value_from_object(obj))
        return held.text if isinstance(held, Sealed) else held

    def check(self, **kwargs):
        return [*super().check(**kwargs), *self._check_row()]

    def _check_row(self):
        names = {field.name for field in self.model._meta.get_fields()}
        if "row_key" not in names:
            yield checks.Error("a sealed field needs a row_key on its model", obj=self, id="relief.E001")
        if self.unique or self.db_index:
            yield checks.Error("a sealed column cannot be unique or indexed", obj=self, id="relief.E002")

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"relief.lib.crypto.{type(self).__name__}", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"widget": forms.TextInput, **kwargs})


class EncryptedJSONField(EncryptedTextField):
    """A dict or list of class L4, changed in place like any other; empty ones are sealed too."""

    empty_strings_allowed = False
    keeps_opened = True

    def is_empty(self, value) -> bool:
        return value is None

    def dump(self, value) -> str:
        if not isinstance(value, dict | list):
            raise ClearTextRefused(f"{self.model.__name__}.{self.name} holds a dict or list")
        return json.dumps(value, ensure_ascii=False)

    def load(self, text: str):
        return json.loads(text)

    def to_python(self, value):
        return value

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": forms.JSONField, **kwargs})
