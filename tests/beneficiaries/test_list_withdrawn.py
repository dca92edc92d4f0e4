"""A list that is withdrawn says on record why, whole or not at all."""

from __future__ import annotations

import pytest

from beneficiaries import actions
from tests.beneficiaries.test_public_lists import noon, publish, standard, visited  # noqa: F401 - fixtures
from unions.policy import Refused


def test_a_reason_that_is_too_long_is_refused_and_not_cut(cast, visited):  # noqa: F811
    shut = publish(cast, visited)
    with pytest.raises(Refused) as refusal:
        actions.withdraw_list(by=cast.clerk, public_list=shut, version=shut.version, reason="误" * 201)
    assert refusal.value.reason == "撤下的原因最多 200 个字，请缩短。"
