import doctest

import pytest

from reporting import values
from reporting.formulas import grammar


@pytest.mark.parametrize("module", [values, grammar], ids=lambda module: module.__name__)
def test_the_examples_of_the_pure_modules_run(module):
    result = doctest.testmod(module)
    assert (result.failed, result.attempted > 0) == (0, True)
