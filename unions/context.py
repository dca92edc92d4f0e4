"""What the page frame shows: who is logged in, where they may go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from unions.policy import may_anywhere
from unions.registry import menu
from unions.web import current_post, person_of


@dataclass
class NavEntry:
    label: str
    url: str
    active: bool


@dataclass
class Shell:
    """The frame of a page; empty lists when nobody is logged in."""

    nav: list[NavEntry] = field(default_factory=list)
    person_name: str = ""
    role_label: str = ""
    union_name: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    todo_count: int = 0
    search_url: str = ""
    demo: bool = False
    not_for_real_data: bool = False


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor: `shell` in every template."""
    demo = bool(getattr(settings, "RELIEF_DEMO", False))
    frame = Shell(demo=demo, not_for_real_data=bool(settings.RELIEF_REAL_DATA_WARNING) and not demo)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": frame}
    person, post = person_of(request), current_post(request)
    frame.person_name = person.name
    if post is not None:
        frame.role_label, frame.union_name = post.get_role_display(), post.union.name
    frame.posts = [
        {"id": each.pk, "label": str(each), "active": post is not None and each.pk == post.pk}
        for each in person.posts_now()
    ]
    frame.nav = [
        entry for entry in (_entry(request, item) for item in menu() if may_anywhere(person, item.act)) if entry
    ]
    return {"shell": frame}


def _entry(request: HttpRequest, item: Any) -> NavEntry | None:
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    active = request.path == url if item.prefix == "/" else request.path.startswith(item.prefix)
    return NavEntry(item.label, url, active)
