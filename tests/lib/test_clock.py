"""The clock: the database tells it, an offset moves it, a block pins it, words say it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from relief.lib.clock import as_of, day_of, db_now, end_of_day, say_instant, start_of_day, today

PINNED = datetime(2024, 2, 22, 16, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_database_tells_an_aware_instant_in_utc():
    told = db_now()
    assert told.utcoffset() == timedelta(0)
    assert abs(told - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.django_db
def test_the_clock_runs_on_inside_a_transaction():
    first = db_now()
    later = db_now()
    while later == first:
        later = db_now()
    assert later > first


@pytest.mark.django_db
def test_it_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        db_now()


@pytest.mark.django_db
@pytest.mark.parametrize("offset", [86_400, timedelta(days=1)])
def test_the_offset_moves_it(settings, offset):
    settings.RELIEF_CLOCK_OFFSET = offset
    assert abs(db_now() - datetime.now(UTC) - timedelta(days=1)) < timedelta(seconds=5)


def test_a_pinned_instant_is_told_without_a_query():
    with as_of(PINNED):
        assert (db_now(), today()) == (PINNED, date(2024, 2, 23))
        with as_of(PINNED - timedelta(seconds=1)):
            assert today() == date(2024, 2, 22)
        assert db_now() == PINNED


def test_a_pinned_instant_must_be_aware():
    with pytest.raises(ValueError), as_of(datetime(2024, 2, 22)):
        connection.ensure_connection()


@given(st.dates(min_value=date(1992, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_ends_where_the_next_begins(day):
    assert end_of_day(day) == start_of_day(day + timedelta(days=1))
    assert day_of(start_of_day(day)) == day == day_of(end_of_day(day) - timedelta(microseconds=1))
    assert say_instant(end_of_day(day), start_of_day(day))[-5:] == "24:00"


def test_one_second_past_midnight_is_the_next_day():
    assert say_instant(PINNED + timedelta(minutes=1), PINNED) == "2月23日（星期五）00:01"
