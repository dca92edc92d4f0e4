"""Answers in JSON for pages that talk to the server while being worked on: the form designer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException

from reporting.designing import MOST_BYTES, UnreadableForm, read_form_file
from unions import audit
from unions.policy import Refused
from unions.web import person_of

View = Callable[..., HttpResponse]


def answers_json(view: View) -> View:
    """A refusal of the view as JSON: `refused` says why, `next` what to do; audited like every refusal (R-15).

    Stands above `page`, whose act and methods it hands on.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            audit.record_refusal(act=refusal.act, by=person_of(request), obj=refusal.obj, reason=refusal.reason)
            return said({"refused": refusal.reason, "next": refusal.next_step}, refusal.status)

    return answered


def said(content: dict[str, Any], status: int = 200) -> JsonResponse:
    """The content as JSON that is read as it is written, Chinese unescaped."""
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def body_of(request: HttpRequest, act: str = "form.design") -> dict[str, Any]:
    """The JSON object that was sent; Refused with 413 when it is too long, 422 when it is none."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        limit = MOST_BYTES // 1024
        raise Refused(f"内容超过 {limit} KB，没有收下。", "请减少内容后再试。", status=413, act=act)
    try:
        return read_form_file(request.body)
    except (RawPostDataException, UnreadableForm):  # a form's fields were read before, so it was no JSON
        raise Refused("请求的内容不是 JSON 对象，没有收下。", "请刷新页面后再试。", status=422, act=act) from None
