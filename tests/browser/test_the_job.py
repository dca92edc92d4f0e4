"""The whole job on an empty installation: one notice, four levels, official forms out."""

from __future__ import annotations

import pytest

from reporting import formstore
from tests.browser.job import filing, notice, records

pytestmark = pytest.mark.xdist_group("browser")


def test_the_whole_job_from_an_empty_campaign_to_the_issuers_close(people, desk):
    formstore.load_forms()
    addressees = [people.city, people.county, people.mill, people.school, people.museum]
    campaign = notice.write_notice(desk)
    notice.set_dates(desk)
    notice.choose_form(desk)
    notice.pick_addressees(desk, campaign, addressees)
    notice.publish(desk, campaign, len(addressees))
    paper = notice.acknowledge(desk, campaign)

    records.set_standard(desk)
    dossier = records.open_dossier(desk)
    records.assess(desk, dossier)
    records.walk_chain(desk, dossier)
    records.raise_funds(desk)
    records.pay(desk, records.draft_payouts(desk))
    records.visit_and_serve(desk)

    mill, county, museum, city, province = (
        filing.submission(campaign, union)
        for union in (people.mill, people.county, people.museum, people.city, people.province)
    )
    filing.fill(desk, mill)
    filing.hand_in(desk, mill)
    filing.report(desk, filing.submission(campaign, people.mill, "report"), paper)
    filing.send_back(desk, mill)
    filing.correct(desk, mill)
    filing.accept(desk, "county_reviewer", mill, shot="review-round-2")
    filing.nil(desk, museum)
    filing.accept(desk, "city_reviewer", museum)
    filing.hand_in_upwards(desk, "county_clerk", county, missing="实验小学放假，节后补报")
    filing.accept(desk, "city_reviewer", county, shot="city-review")
    filing.hand_in_upwards(desk, "city_clerk", city)
    filing.accept(desk, "province_reviewer", city)
    filing.hand_in_upwards(desk, "province_clerk", province)
    filing.finalise(desk, province)
