"""Who may frame whom: nobody anybody, but for one page of ours that shows one answer of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = Callable[..., HttpResponse]


def framing(view: View) -> View:
    """The view's page may show answers of this site in a frame. Stands below `page`: a refusal stays as strict as any."""
    return cast(View, csp_update({"frame-src": [SELF]})(cast(Any, view)))


def framed(view: View) -> View:
    """The view's answer may be shown in a frame by pages of this site. Stands below `page`, too."""
    return cast(View, xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(cast(Any, view))))
