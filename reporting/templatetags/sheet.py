"""What the templates of a sheet need."""

from django import template

register = template.Library()


@register.filter
def at(mapping, key):
    """The mapping's value for the key; a key that is not there is a fault of the caller."""
    return mapping[key]
