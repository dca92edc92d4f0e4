"""Every main page as each role: no complaint of the browser, no overflow on a phone, no serious axe finding."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from beneficiaries.models import Payout
from campaigns.models import Notice
from reporting import actions
from reporting.models import FormVersion
from tests.beneficiaries.payouts.conftest import line
from tests.beneficiaries.payouts.test_steps import to_paid, to_planned
from tests.browser.desk import DESK, PHONE
from tests.reporting.test_main_job import accept, fresh, hand_in, helped_home

pytestmark = pytest.mark.xdist_group("browser")

GRAVE = ("serious", "critical")
# The width of the page, and the outermost thing that stands beyond the window.
WIDEST = """() => {
  const beyond = Array.from(document.querySelectorAll("main *")).find((one) => one.getBoundingClientRect().right > innerWidth + 1);
  const width = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
  return [width, beyond ? beyond.outerHTML.slice(0, 120) : ""];
}"""
# Lists are looked through by axe at the first role that opens them; first pages at every role.
looked_through: set[str] = set()

# Pages beside those of the person's own menu; {names} are filled from the world.
PAGES: dict[str, list[str]] = {
    "clerk": [
        "notice campaign",
        "dossier_detail good",
        "dossier_edit good",
        "dossier_assess draft",
        "dossier_new",
        "standards",
        "payout_new",
        "payout_detail paid",
        "payout_edit drafted",
        "visit_household",
        "funds_new",
        "fund_balances",
        "allocations",
        "activity_new",
        "submission_page mill",
        "submission_page mill_report",
        "figure_page mill G",
        "history_page mill",
        "form_list",
        "form_page form_version",
        "password",
    ],
    "reviewer": ["dossier_detail good", "payout_detail planned"],
    "cashier": ["payout_list"],
    "county_clerk": ["submission_page county", "rollup_page county"],
    "county_reviewer": ["review_page mill", "board_deliverable deliverable"],
    "city_reviewer": ["review_page museum"],
    "organiser": ["campaign_new", "campaign_scope campaign", "campaign_preview campaign", "campaign_forms campaign"],
    "second_organiser": ["campaign_notice campaign", "campaign_deliverable campaign form"],
    "province_reviewer": [],
    "auditor": [],
    "system_admin": [],
    "security_admin": [],
    "audit_admin": [],
}


@pytest.fixture(scope="module")
def names(world, people) -> SimpleNamespace:
    """A filing returned with a pin, one accepted, one missing; payouts as draft, on their way and paid; a notice in rework."""
    published, till = world.published, world.till
    helped_home(people.clerk, people.mill, published.campaign, 7)
    mill, museum = published.submission(people.mill), published.submission(people.museum)
    hand_in(people.clerk, mill)
    opened = actions.open_review(by=people.county_reviewer, submission=fresh(mill), version=fresh(mill).version)
    actions.return_submission(
        by=people.county_reviewer, submission=opened, version=opened.version, reason="请核对", pins={"G": "是否漏报"}
    )
    actions.nil_report(
        by=people.museum_clerk, submission=museum, version=museum.version, key="nil", reason="本单位本次没有发放"
    )
    accept(people.city_reviewer, museum)
    drafted, planned, paid = (
        till.draft([line("own_union", "cash", "100.00")], purpose=purpose) for purpose in ("living", "study", "medical")
    )
    to_planned(people, planned)
    to_paid(people, paid)
    return SimpleNamespace(
        campaign=published.campaign.pk,
        form_version=FormVersion.objects.get(form_id="shaanxi-2024").pk,
        deliverable=published.form.pk,
        mill=mill.pk,
        museum=museum.pk,
        mill_report=published.submission(people.mill, published.report).pk,
        county=published.submission(people.county).pk,
        good=world.good.pk,
        draft=world.draft.pk,
        drafted=drafted.pk,
        planned=planned.pk,
        paid=paid.pk,
    )


def addresses(at, wanted: list[str], names: SimpleNamespace) -> list[str]:
    """The first page, everything in the person's menu, and the pages wanted beside it."""
    at.open("/")
    menu = at.page.locator("header nav a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    more = []
    for each in wanted:
        name, *arguments = each.split()
        more.append(reverse(name, args=[getattr(names, argument, argument) for argument in arguments]))
    return list(dict.fromkeys(["/", *menu, *more]))


def grave_findings(axe: Axe, page) -> list[str]:
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} ({len(each['nodes'])})"
        for each in found
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("who", PAGES)
def test_the_pages_are_sound(names, desk, who):
    at, axe, faults = desk(who), Axe(), []
    for path in addresses(at, PAGES[who], names):
        answer = at.page.goto(f"{at.base}{path}")
        if answer is None or answer.status != 200:
            faults.append(f"{path}: {answer and answer.status}")
            continue
        if path == "/" or path not in looked_through:
            looked_through.add(path)
            faults += [f"{path}: {finding}" for finding in grave_findings(axe, at.page)]
        at.page.set_viewport_size(PHONE)
        width, beyond = at.page.evaluate(WIDEST)
        at.page.set_viewport_size(DESK)
        if width > PHONE["width"]:
            faults.append(f"{path}: {width} wide on a phone, from {beyond}")
    assert faults == []


def test_the_world_of_this_module_is_what_its_pages_show(names):
    assert (Payout.objects.count(), Notice.objects.get().state) == (3, "published")
