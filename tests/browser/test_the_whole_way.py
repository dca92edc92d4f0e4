"""The whole way of hardship money in a real browser: from the application to the figures of the form, by links alone."""

from __future__ import annotations

import pytest

from tests.browser.desk import PHONE
from tests.browser.way import cases, figures, money
from tests.browser.way.people import Crowd, staffed

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def crowd(browser, site, album):
    """Everybody's own browser; nobody's console may complain."""
    everybody = Crowd(browser, site, album)
    yield everybody
    assert everybody.leave() == []


@pytest.fixture
def passer_by(browser):
    """A phone without a login."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_from_the_application_to_the_figures_of_the_form(people, crowd, passer_by):
    staffed(people)
    cases.set_standard(crowd)
    cases.apply_for_all(crowd)
    cases.plan_round(crowd)
    cases.visit_by_phone(crowd)
    cases.read_in_public(passer_by, cases.publish(crowd))
    cases.decide(crowd)

    money.raise_funds(crowd)
    money.fill_by_card(crowd)
    money.fill_by_hand(crowd)
    money.decide(crowd, money.CARDS, 4, "2320.50")
    money.decide(crowd, money.HANDS, 2, "480")
    first = money.file_of(money.release(crowd, 4, "2320.50"), shot="bank-file")
    assert money.lines_of(first) == [(one.card, one.name, amount) for one, amount in money.PAID]
    money.answer(crowd("school_cashier"), first, money.FAILED)
    money.correct(crowd)
    money.decide(crowd, money.CARDS, 2, "1200")
    second = money.file_of(money.release(crowd, 2, "1200"))
    assert money.lines_of(second) == money.CORRECTED
    money.answer(crowd("school_cashier"), second, {})
    money.sign(crowd)

    told = figures.compare(crowd, people.school)
    figures.look_behind(crowd)
    figures.send_up(crowd)
    figures.roll_up(crowd, people.school, told)
