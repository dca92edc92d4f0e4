"""Error pages in words, with the request id and nothing of the inside (R-38)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from unions import audit
from unions.policy import Refused


def refused_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of a refused act: reason, next step; the refusal itself is audited after the rollback."""
    user = getattr(request, "user", None)
    person = user.person if user is not None and user.is_authenticated else None
    audit.record_refusal(act=refusal.act, by=person, obj=refusal.obj, reason=refusal.reason)
    context = {
        "reason": refusal.reason,
        "next_step": refusal.next_step,
        "back": came_from(request),
        "code": refusal.status,
    }
    template = "403.html" if refusal.status == 403 else "409.html"
    return render(request, template, context, status=refusal.status)


def came_from(request: HttpRequest) -> str:
    """The path the person came from, on this site only."""
    referer = request.META.get("HTTP_REFERER", "")
    host = request.get_host()
    for scheme in ("http://", "https://"):
        path = referer.removeprefix(f"{scheme}{host}")
        # "//elsewhere" is a path to us and another site to the browser.
        if referer.startswith(f"{scheme}{host}/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
            return path
    return "/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    from_fields = type(exception).__name__ == "TooManyFieldsSent"
    return render(request, "too_many_fields.html" if from_fields else "400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(
        request,
        "403.html",
        {"reason": "您没有权限打开这一页。", "next_step": "请从菜单进入您能办理的页面。"},
        status=403,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes for what does not exist and for what is out of reach (D16), but for the request id."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf.html", status=403)
