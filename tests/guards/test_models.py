"""Every field of every model has its class L1–L4, L4 is encrypted or a keyed digest, and migrations agree with models."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from relief.lib.crypto import EncryptedJSONField, EncryptedTextField
from relief.lib.money import MoneyField
from tests.guards.sources import APPS
from unions.field_classes import LEVELS, field_classes

ENCRYPTED = (EncryptedTextField, EncryptedJSONField)
# Columns of class L4 that are keyed digests or hashes by nature: nothing to decrypt.
KEYED = {
    "beneficiaries.Dossier.id_index": "blind index of the ID number",
    "beneficiaries.Member.id_index": "blind index of the ID number",
    "beneficiaries.DuplicateClaim.number_index": "blind index of the ID number",
    "beneficiaries.Payout.id_index": "blind index of the ID number",
    "beneficiaries.Payout.household_index": "blind index of the householder's ID number",
    "reporting.RoundKey.key": "HMAC under the campaign's secret (D7)",
    "unions.Account.password": "argon2 hash",
}


def our_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def unclassed(model) -> list[str]:
    """Fields without a class, classes without a field, and levels that do not exist."""
    fields = {field.name for field in model._meta.local_concrete_fields} | {
        f.name for f in model._meta.local_many_to_many
    }
    table = getattr(model, "classes", {})
    found = [f"{model._meta.label}.{name} has no class" for name in sorted(fields - set(table))]
    found += [f"{model._meta.label} has a class for {name}, which is no field" for name in sorted(set(table) - fields)]
    found += [f"{model._meta.label}.{name} has class {level}" for name, level in table.items() if level not in LEVELS]
    return found


def in_the_clear(model) -> list[str]:
    """L4 fields that are stored as they are typed, and encrypted fields that are called something lower than L4."""
    found = []
    for field in model._meta.local_concrete_fields:
        name = f"{model._meta.label}.{field.name}"
        sensitive, sealed = model.classes.get(field.name) == "L4", isinstance(field, ENCRYPTED)
        if sensitive and not sealed and name not in KEYED:
            found.append(f"{name} is L4 in the clear")
        if sealed and not sensitive:
            found.append(f"{name} is encrypted but not L4")
    return found


def loose_numbers(model) -> list[str]:
    """Columns that lose a digit: floats, and decimals that SQLite keeps as floats (M1)."""
    return [
        f"{model._meta.label}.{field.name} is a {type(field).__name__}"
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FloatField)
        or (isinstance(field, models.DecimalField) and not isinstance(field, MoneyField))
    ]


def test_every_field_has_its_class():
    assert [line for model in our_models() for line in unclassed(model)] == []


def test_l4_is_never_stored_in_the_clear():
    assert [line for model in our_models() for line in in_the_clear(model)] == []


def test_every_keyed_column_exists():
    known = {f"{m._meta.label}.{f.name}" for m in our_models() for f in m._meta.local_concrete_fields}
    assert sorted(set(KEYED) - known) == []


def test_encrypted_rows_have_the_key_they_are_bound_to():
    """Ciphertext is bound to table, column and row: the row needs its own key from the start (R-21)."""
    sealed = [m for m in our_models() if any(isinstance(f, ENCRYPTED) for f in m._meta.local_concrete_fields)]
    assert [m._meta.label for m in sealed if "row_key" not in {f.name for f in m._meta.local_concrete_fields}] == []


def test_no_column_loses_digits():
    assert [line for model in our_models() for line in loose_numbers(model)] == []


def test_keys_are_big_integers():
    """Formsets and addresses rely on plain numbers (T9)."""
    assert {type(model._meta.pk).__name__ for model in our_models()} == {"BigAutoField"}


def test_models_of_unions_are_reached_through_visible_to():
    """A model that belongs to a union has a queryset with visible_to; code lists and rules have no union to ask for."""
    open_to_all = {
        "unions.Account",
        "unions.AuditChain",
        "campaigns.LeadTime",
        "campaigns.Selection",
        "beneficiaries.SubsistenceStandard",
        "beneficiaries.ClassRule",
        "beneficiaries.FundRule",
        "reporting.FormVersion",
        "reporting.DeliverableForm",
    }
    without = {m._meta.label for m in our_models() if not hasattr(m._default_manager.all(), "visible_to")}
    assert sorted(without - open_to_all) == []


@pytest.mark.django_db
def test_models_and_migrations_agree(capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_missing_and_an_extra_class_are_seen():
    field = SimpleNamespace(name="phone")
    meta = SimpleNamespace(label="unions.Made", local_concrete_fields=[field], local_many_to_many=[])
    made = SimpleNamespace(_meta=meta, classes={"fax": "L2"})
    assert unclassed(made) == [
        "unions.Made.phone has no class",
        "unions.Made has a class for fax, which is no field",
    ]
    made.classes = {"phone": "L9"}
    assert unclassed(made) == ["unions.Made.phone has class L9"]


def test_l4_in_the_clear_is_seen():
    clear, sealed = models.TextField(name="card"), EncryptedTextField(name="union")
    meta = SimpleNamespace(label="unions.Made", local_concrete_fields=[clear, sealed])
    made = SimpleNamespace(_meta=meta, classes={"card": "L4", "union": "L2"})
    assert in_the_clear(made) == ["unions.Made.card is L4 in the clear", "unions.Made.union is encrypted but not L4"]


def test_a_decimal_column_is_seen():
    fields = [models.DecimalField(name="sum"), models.FloatField(name="share"), MoneyField(name="amount")]
    made = SimpleNamespace(_meta=SimpleNamespace(label="unions.Made", local_concrete_fields=fields))
    assert loose_numbers(made) == ["unions.Made.sum is a DecimalField", "unions.Made.share is a FloatField"]


def test_a_field_with_two_classes_is_refused():
    with pytest.raises(ValueError) as refusal:
        field_classes(L1="name", L2="name")
    assert str(refusal.value) == "field name has two classes"


def test_a_model_that_runs_ahead_of_its_migrations_is_seen(db):
    class Ahead(models.Model):
        class Meta:
            app_label = "unions"

    try:
        with pytest.raises(SystemExit) as stopped:
            call_command("makemigrations", "--check", "--dry-run", verbosity=0)
        assert stopped.value.code == 1
    finally:
        del apps.all_models["unions"]["ahead"]
        apps.clear_cache()
