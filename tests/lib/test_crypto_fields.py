"""Sealed columns: nothing in clear at rest, nothing readable in another place, nothing written in clear by mistake."""

import pickle

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models import F, Value

from relief.lib.crypto import (
    ClearTextRefused,
    EncryptedJSONField,
    EncryptedTextField,
    Sealed,
    Tampered,
    new_row_key,
    sealed,
)

NUMBER = "11010519491231002X"
OTHER = "999901198001010022"


class Paper(models.Model):
    """A sheet with secrets, known to these tests only."""

    row_key = models.CharField(max_length=32, default=new_row_key, unique=True, editable=False)
    title = models.CharField(max_length=20, default="")
    number = EncryptedTextField(blank=True, default="")
    card = EncryptedTextField(null=True)
    papers = EncryptedJSONField(null=True)

    class Meta:
        app_label = "lib_tests"

    def __str__(self):
        return self.title


class Keyless(models.Model):
    """A model that forgot its row key."""

    number = EncryptedTextField(unique=True)

    class Meta:
        app_label = "lib_tests"

    def __str__(self):
        return "keyless"


@pytest.fixture
def table(db):
    editor = connection.schema_editor()
    editor.deferred_sql = []
    with connection.cursor() as cursor:
        cursor.execute(editor.table_sql(Paper)[0])


@pytest.fixture
def paper(table):
    return Paper.objects.create(number=NUMBER, card="6222020000000000000", papers={"病种": ["尿毒症"]})


def stored(paper, column="number"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM lib_tests_paper WHERE id = %s", [paper.pk])
        return cursor.fetchone()[0]


def overwrite(paper, text, column="number"):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE lib_tests_paper SET {column} = %s WHERE id = %s", [text, paper.pk])


def test_a_value_is_sealed_at_rest_and_open_in_python(paper):
    loaded = Paper.objects.get(pk=paper.pk)
    assert (loaded.number, loaded.card, loaded.papers) == (NUMBER, "6222020000000000000", {"病种": ["尿毒症"]})
    assert stored(paper).startswith("k1:")
    assert [NUMBER in stored(paper), "尿毒症" in stored(paper, "papers")] == [False, False]


def test_equal_values_look_different_at_rest(table):
    first, second = (Paper.objects.create(number=NUMBER) for _ in range(2))
    assert stored(first) != stored(second)


def test_empty_and_null_stay_as_they_are(table):
    empty = Paper.objects.create()
    assert (stored(empty), stored(empty, "card"), stored(empty, "papers")) == ("", None, None)
    loaded = Paper.objects.get()
    assert (loaded.number, loaded.card, loaded.papers) == ("", None, None)
    assert list(Paper.objects.filter(card__isnull=True)) == [empty]


def test_an_empty_dict_is_sealed_and_comes_back(table):
    Paper.objects.create(papers={})
    assert Paper.objects.get().papers == {}


def test_bulk_create_seals(table):
    Paper.objects.bulk_create([Paper(number=NUMBER), Paper(number=OTHER)])
    assert [paper.number for paper in Paper.objects.order_by("pk")] == [NUMBER, OTHER]
    assert [stored(paper)[:3] for paper in Paper.objects.all()] == ["k1:", "k1:"]


def test_a_saved_change_is_read_back(paper):
    paper.number = OTHER
    assert paper.number == OTHER
    paper.save(update_fields=["number"])
    assert Paper.objects.get().number == OTHER


def test_a_dict_changed_in_place_is_saved(paper):
    loaded = Paper.objects.get()
    loaded.papers["病种"].append("高血压")
    loaded.save()
    assert Paper.objects.get().papers == {"病种": ["尿毒症", "高血压"]}


def test_deferred_and_refreshed(paper):
    loaded = Paper.objects.defer("number").get()
    assert loaded.number == NUMBER
    assert Paper.objects.only("title").get().number == NUMBER
    Paper.objects.filter(pk=paper.pk).update(number=sealed(paper, "number", OTHER))
    loaded.refresh_from_db()
    assert loaded.number == OTHER


def test_pickled_rows_hold_no_clear_text_and_still_open(paper):
    unsaved = Paper(number=OTHER, papers={"病种": "尿毒症"})
    for row, expected in ((Paper.objects.get(), NUMBER), (paper, NUMBER), (unsaved, OTHER)):
        frozen = pickle.dumps(row.__reduce__()[2])
        assert [expected.encode() in frozen, "尿毒症".encode() in frozen] == [False, False]
        thawed = Paper()
        thawed.__setstate__(pickle.loads(frozen))  # noqa: S301 (our own bytes)
        assert thawed.number == expected


def test_values_are_tokens_that_tell_nothing(paper):
    token = Paper.objects.values_list("number", flat=True).get()
    assert isinstance(token, Sealed)
    assert (repr(token), str(token)) == ("<sealed>", "<sealed>")
    assert Paper._meta.get_field("number").open(paper.row_key, token) == NUMBER


@pytest.mark.parametrize(("source", "target"), [("row", "number"), ("column", "number")])
def test_a_swapped_value_is_noticed(paper, source, target):
    other = Paper.objects.create(number=OTHER)
    overwrite(paper, stored(other) if source == "row" else stored(paper, "card"), target)
    with pytest.raises(Tampered) as refused:
        _ = Paper.objects.get(pk=paper.pk).number
    assert str(refused.value) == f"does not belong here or was altered: lib_tests_paper|number|{paper.row_key}"


def test_another_table_does_not_open_it(paper):
    moved = Keyless._meta.get_field("number")
    with pytest.raises(Tampered):
        moved.open(paper.row_key, Sealed(stored(paper)))


@pytest.mark.parametrize("text", [NUMBER, "k1:", "k1:####", "k9:aGFsbG8=", "k1:aGFsbG8="])
def test_what_we_did_not_seal_is_noticed(paper, text):
    overwrite(paper, text)
    with pytest.raises(Tampered) as refused:
        _ = Paper.objects.get().number
    assert NUMBER not in str(refused.value)


def test_one_flipped_bit_is_noticed(paper):
    text = stored(paper)
    overwrite(paper, text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:])
    with pytest.raises(Tampered):
        _ = Paper.objects.get().number


def test_a_foreign_token_is_not_saved(paper):
    other = Paper.objects.create(number=OTHER)
    paper.number = other.__dict__["number"]
    with pytest.raises(Tampered):
        paper.save()


@pytest.mark.parametrize("value", [NUMBER, Value(NUMBER), F("card"), F("title")])
def test_update_refuses_clear_text_and_expressions(paper, value):
    with pytest.raises(ClearTextRefused), transaction.atomic():
        Paper.objects.update(number=value)
    assert Paper.objects.get().number == NUMBER


def test_update_takes_a_sealed_value(paper):
    assert Paper.objects.filter(pk=paper.pk).update(number=sealed(paper, "number", OTHER), card=None) == 1
    loaded = Paper.objects.get()
    assert (loaded.number, loaded.card) == (OTHER, None)


def test_bulk_update_refuses(paper):
    paper.number = OTHER
    with pytest.raises(ClearTextRefused), transaction.atomic():
        Paper.objects.bulk_update([paper], ["number"])
    assert Paper.objects.get().number == NUMBER


@pytest.mark.parametrize("lookup", ["number", "number__icontains", "number__in", "number__startswith", "papers__病种"])
def test_only_isnull_can_be_asked(paper, lookup):
    with pytest.raises(FieldError):
        Paper.objects.filter(**{lookup: [NUMBER] if lookup.endswith("in") else NUMBER})
    with pytest.raises(FieldError):
        Paper.objects.exclude(**{lookup: NUMBER})


def test_wrong_types_are_refused(table):
    with pytest.raises(ClearTextRefused):
        Paper.objects.create(number=42)
    with pytest.raises(ClearTextRefused):
        Paper.objects.create(papers="text")


def test_dumps_hold_the_column_not_the_content(paper):
    field = Paper._meta.get_field("number")
    assert field.value_to_string(paper)[:3] == "k1:"


def test_an_old_key_still_opens_and_new_values_take_the_new_one(paper, settings):
    settings.RELIEF_KEYS = {
        **settings.RELIEF_KEYS,
        "field": {**settings.RELIEF_KEYS["field"], "k2": b"2" * 32},
        "field_current": "k2",
    }
    later = Paper.objects.create(number=OTHER)
    assert (stored(paper)[:3], stored(later)[:3]) == ("k1:", "k2:")
    assert [row.number for row in Paper.objects.order_by("pk")] == [NUMBER, OTHER]


def test_system_check_wants_a_row_key_and_no_index():
    assert [fault.id for fault in Keyless._meta.get_field("number").check()] == ["relief.E001", "relief.E002"]
    assert Paper._meta.get_field("number").check() == []


def test_migrations_name_the_public_path():
    assert Paper._meta.get_field("papers").deconstruct() == (
        "papers",
        "relief.lib.crypto.EncryptedJSONField",
        [],
        {"null": True},
    )
