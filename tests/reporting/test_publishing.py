"""What a notice needs before it can be published with its forms."""

import copy

import pytest

from campaigns.models import Notice
from reporting import formstore
from tests.reporting.conftest import publish
from unions.policy import Refused


def test_a_form_over_a_second_period_is_not_published_without_its_days(cast, shaanxi):
    raw = copy.deepcopy(shaanxi.spec) | {"version": 90}
    counted = next(item for item in raw["items"] if item["source"])
    counted["source"]["terms"][0]["period"] = "second"
    with pytest.raises(Refused) as refusal:
        publish(cast, form_version=formstore.store(raw), unions=[cast.city, cast.mill])
    assert (refusal.value.reason, refusal.value.next_step) == (
        "“送温暖统计表”的表样要按第二期间取数，还没有填第二期间，不能发布。",
        "请到第 2 步，在这份材料里填上第二期间。",
    )
    assert Notice.objects.get().published_at is None
