"""In tests an undefined template variable fails; asking whether there is one is allowed."""

import pytest
from django.template import engines


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


class Broken:
    @property
    def value(self) -> str:
        problem = LookupError("broken")
        problem.silent_variable_failure = True
        raise problem


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ missing|default:1 }}", "{{ known.missing }}", "{{ broken.value }}"]
)
def test_an_undefined_variable_fails(source):
    with pytest.raises(AssertionError):
        render(source, known={}, broken=Broken())


@pytest.mark.parametrize(
    "source", ["{% if missing %}x{% endif %}", "{% if known.missing %}x{% endif %}", "{% with a=known %}{% endwith %}"]
)
def test_asking_for_it_is_allowed(source):
    assert render(source, known={}) == ""
