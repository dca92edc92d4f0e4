"""What every view shares: who asks, which act the page stands for, and how a refusal is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from unions import errors
from unions.enums import Role
from unions.models import Person, Post, Union
from unions.policy import ACTS, Refused, may_anywhere

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> Person:
    """The person behind the login."""
    return cast(Person, request.user.person)  # type: ignore[union-attr]


def page(act: str, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Mark a view with its act and methods: login first, then a role of the act at some union, else a refusal.

    The view still loads its object through `visible_to` and checks `require(person, act, obj)` inside the action.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person = person_of(request)
            if ACTS.get(act) is None:
                raise Http404
            _refuse_nul(request)
            if _must_change_password(request):
                return redirect("password")
            if not may_anywhere(person, act):
                roles = "、".join(Role(role).label for role in sorted(ACTS.get(act).roles))  # type: ignore[union-attr]
                raise Refused(
                    f"这一页供{roles}岗位使用，您现在没有这个岗位。",
                    "请从上方菜单进入您能办理的页面；需要该岗位时请联系安全管理员。",
                    status=403,
                    act=act,
                )
            return view(request, *args, **kwargs)

        wrapped = cast(Any, _logged_in(_by_method(guarded, [*methods, "HEAD"])))
        wrapped.act = act
        wrapped.methods = methods
        return cast(View, wrapped)

    return mark


def _logged_in(view: View) -> View:
    """The view for who has logged in; anybody else logs in first and comes back to a page that opens by its address."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        # What was sent is gone with the session; its address may take forms only, so the way back is the form's page.
        messages.warning(request, "登录已经过期，刚才提交的内容没有保存。请登录后核对，再提交一次。")
        return redirect_to_login(errors.came_from(request))

    return asked


def _by_method(view: View, methods: list[str]) -> View:
    """The view for its own methods; an address that only takes forms says so to who opens it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in methods and (request.method != "HEAD" or "GET" in methods):
            return view(request, *args, **kwargs)
        words = render(request, "405.html", {"back": errors.came_from(request)})
        return HttpResponseNotAllowed([name for name in methods if name != "HEAD" or "GET" in methods], words.content)

    return answered


def whole_number(text: str | None) -> int:
    """The id, version or round number a request names; 0, which nothing has, when it is no plain number."""
    return int(text) if text and re.fullmatch("[0-9]{1,18}", text) else 0


def _refuse_nul(request: HttpRequest) -> None:
    """No text has a NUL character; PostgreSQL cannot store or compare one and would end in an error page."""
    for sent in (request.GET, request.POST):
        if any("\0" in text for _, texts in sent.lists() for text in texts):
            raise Refused("提交的内容里有无法保存的控制字符。", "请重新输入后再提交，不要直接粘贴。", status=422)


def _must_change_password(request: HttpRequest) -> bool:
    """A password handed out by somebody else opens one page only: the one that changes it (R-07)."""
    match = request.resolver_match
    if match is None or match.url_name in {"password", "logout"}:
        return False
    return bool(getattr(request.user, "must_change_password", False))


def public(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Mark a view that needs no login."""

    def mark(view: View) -> View:
        wrapped = cast(Any, require_http_methods([*methods, "HEAD"])(view))
        wrapped.act = "public"
        wrapped.methods = methods
        return cast(View, wrapped)

    return mark


def current_post(request: HttpRequest) -> Post | None:
    """The post the person works in just now: the one chosen in the header, else the first."""
    posts = person_of(request).posts_now()
    chosen = request.session.get("post")
    return next((post for post in posts if post.pk == chosen), posts[0] if posts else None)


def current_union(request: HttpRequest, roles: Collection[str] | None = None) -> Union:
    """The union of the current post, or the first union where the person holds one of the roles; else refused."""
    post = current_post(request)
    if post is not None and (roles is None or person_of(request).holds(roles, post.union_id)):
        return post.union
    for other in person_of(request).posts_now():
        if roles is None or other.role in roles:
            return other.union
    raise Refused("您还没有岗位，不能办理业务。", "请联系安全管理员为您授岗。", status=403)
