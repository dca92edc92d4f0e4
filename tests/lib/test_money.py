"""Money: exact in the database and in Python, read from what people type, said in capitals."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import ExpressionWrapper, F, Max, Q, Sum, Value
from django.db.models.functions import Coalesce
from hypothesis import given
from hypothesis import strategies as st

from relief.lib.money import (
    MOST_TYPED,
    MoneyField,
    MoneyFormField,
    capitals,
    from_fen,
    from_wan,
    grouped,
    parse_amount,
    rounded,
    to_fen,
    wan_yuan,
)

fens = st.integers(min_value=-(10**15), max_value=10**15)


class Receipt(models.Model):
    """A sheet with an amount, known to these tests only."""

    amount = MoneyField(null=True)
    limit = MoneyField(default=Decimal("0.30"))

    class Meta:
        app_label = "lib_tests"
        constraints = [models.CheckConstraint(condition=Q(limit__gte=Decimal("0.01")), name="limit_is_at_least_1_fen")]

    def __str__(self):
        return str(self.amount)


class ReceiptForm(forms.ModelForm):
    class Meta:
        model = Receipt
        fields = ["amount"]


@pytest.fixture
def table(db):
    editor = connection.schema_editor()
    editor.deferred_sql = []
    with connection.cursor() as cursor:
        cursor.execute(editor.table_sql(Receipt)[0])


def column(receipt):
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount FROM lib_tests_receipt WHERE id = %s", [receipt.pk])
        return cursor.fetchone()[0]


@given(fens)
def test_fen_and_yuan_are_one_value(fen):
    assert to_fen(from_fen(fen)) == fen
    assert from_fen(fen).as_tuple().exponent == -2


@given(st.integers(min_value=-to_fen(MOST_TYPED), max_value=to_fen(MOST_TYPED)))
def test_what_is_shown_is_read_back(fen):
    assert parse_amount(grouped(from_fen(fen))) == from_fen(fen)
    assert parse_amount(f"￥ {grouped(from_fen(fen), 2)} 元") == from_fen(fen)


@given(fens)
def test_wan_yuan_is_rounded_once_and_back_is_exact(fen):
    assert from_wan(wan_yuan(fen, 6)) == fen
    assert abs(wan_yuan(fen) * 1_000_000 - fen) <= 5_000


@given(st.integers(min_value=0, max_value=10**13))
def test_capitals_name_every_amount_apart(fen):
    assert capitals(from_fen(fen)) != capitals(from_fen(fen + 1))
    assert "零零" not in capitals(from_fen(fen))


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_a_sentence(text):
    try:
        answer = str(parse_amount(text))[-3]
    except ValueError as fault:
        answer = str(fault)[-1]
    assert answer in (".", "。")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写金额，单位是元，例如 1234.56。"),
        ("元", "请填写金额，单位是元，例如 1234.56。"),
        ("三百", "“三百”不是金额，请只写数字，单位是元，例如 1234.56。"),
        ("1e5", "“1e5”不是金额，请只写数字，单位是元，例如 1234.56。"),
        ("NaN", "“NaN”不是金额，请只写数字，单位是元，例如 1234.56。"),
        ("1.2万元", "“1.2万元”带有“万”字，请换算成元再填，例如 1.2万元 写成 12000。"),
        ("12,34", "“12,34”里的逗号位置不对，请写成 1234.56 或 1,234.56。"),
        ("0.005", "金额最多写到分（两位小数）。"),
        ("9" * 20, "金额太大，请检查小数点和位数。"),
    ],
)
def test_a_bad_amount_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError) as refused:
        parse_amount(text)
    assert str(refused.value) == sentence


def test_floats_are_no_money():
    for refuse in (to_fen, grouped, from_wan):
        with pytest.raises(TypeError):
            refuse(0.1)


def test_finer_than_a_fen_is_refused():
    for value in (Decimal("0.001"), Decimal("1E-500"), Decimal("NaN"), Decimal("1E+30")):
        with pytest.raises(ValueError):
            to_fen(value)
    with pytest.raises(ValueError):
        from_wan(Decimal("0.0000001"))


def test_rounding_goes_away_from_zero_at_the_half():
    assert [str(rounded(Decimal(text), 2)) for text in ("0.005", "-0.005", "0.0049")] == ["0.01", "-0.01", "0.00"]
    assert grouped(Decimal("-0.001"), 2) == "0.00"


def test_the_column_holds_fen_and_python_gets_yuan(table):
    receipt = Receipt.objects.create(amount=300)
    assert (column(receipt), receipt.amount, Receipt.objects.get().amount) == (30000, Decimal("300.00"), 300)
    assert str(receipt.amount) == str(Receipt.objects.get().amount) == "300.00"


def test_a_limit_check_in_sql_is_exact(table):
    """M1: 0.10 + 0.20 > 0.30 is true for DecimalField on SQLite."""
    Receipt.objects.create(amount=Decimal("0.10"))
    Receipt.objects.create(amount=Decimal("0.20"))
    assert Receipt.objects.values("limit").annotate(paid=Sum("amount")).filter(paid__gt=F("limit")).count() == 0
    assert Receipt.objects.filter(amount__gte=Decimal("0.2")).count() == 1
    assert Receipt.objects.filter(amount__in=[Decimal("0.1"), Decimal("0.2")]).count() == 2


def test_aggregates_are_yuan(table):
    Receipt.objects.bulk_create([Receipt(amount=Decimal("0.10")), Receipt(amount=Decimal("0.20")), Receipt()])
    found = Receipt.objects.aggregate(
        sum=Sum("amount"),
        most=Max("amount"),
        none=Coalesce(Sum("amount", filter=Q(amount__gt=5)), 0),
        both=Sum(ExpressionWrapper(F("amount") + F("limit"), output_field=MoneyField())),
    )
    assert {name: str(value) for name, value in found.items()} == {
        "sum": "0.30",
        "most": "0.20",
        "none": "0.00",
        "both": "0.90",
    }


def test_arithmetic_in_an_update_names_its_field(table):
    receipt = Receipt.objects.create(amount=Decimal("1.00"))
    Receipt.objects.update(amount=F("amount") + Value(Decimal("0.50"), output_field=MoneyField()))
    assert column(receipt) == 150


def test_more_than_two_decimals_are_refused(table):
    for refuse in (lambda: Receipt.objects.create(amount=Decimal("0.001")), Receipt(amount="0.001").full_clean):
        with pytest.raises(ValidationError) as refused:
            refuse()
        assert "金额最多写到分（两位小数）。" in refused.value.messages


def test_full_clean_reads_text(table):
    receipt = Receipt(amount="12.5")
    receipt.full_clean()
    assert str(receipt.amount) == "12.50"
    with pytest.raises(ValidationError) as refused:
        Receipt(amount="twelve").full_clean()
    assert refused.value.messages == ["金额不是一个数，请写成 1234.56 这样。"]


def test_the_form_reads_what_people_type(table):
    form = ReceiptForm({"amount": "１,２３４.５元"})
    assert form.is_valid()
    assert form.save().amount == Decimal("1234.50")
    assert ReceiptForm(instance=Receipt.objects.get())["amount"].value() == "1234.50"
    assert ReceiptForm({"amount": "1234.5"}, instance=Receipt.objects.get()).has_changed() is False


def test_the_form_says_what_is_wrong_and_keeps_the_text():
    form = ReceiptForm({"amount": "三百"})
    assert form.errors == {"amount": ["“三百”不是金额，请只写数字，单位是元，例如 1234.56。"]}
    assert form["amount"].value() == "三百"
    assert MoneyFormField(required=False).clean("  ") is None


def test_the_form_keeps_its_lower_limit():
    with pytest.raises(ValidationError) as refused:
        MoneyFormField(min_value=Decimal("0.01")).clean("0")
    assert refused.value.messages == ["金额不能小于 0.01 元。"]


def test_migrations_know_the_field_by_its_public_path():
    assert Receipt._meta.get_field("amount").deconstruct()[1] == "relief.lib.money.MoneyField"
