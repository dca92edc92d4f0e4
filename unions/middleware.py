"""A request id on every answer, private pages never cached, refusals answered in words."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from unions import audit, errors
from unions.policy import Refused

Answer = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id, remember its source for the audit, and put the id on the answer (R-38)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        token = audit.origin.set(audit.Origin(request.META.get("REMOTE_ADDR", "")[:64], request.request_id))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            audit.origin.reset(token)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class PrivateCacheMiddleware:
    """Pages may hold private data: never stored by a cache, and refusals become pages with reason and next step."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie"])
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused_page(request, exception)
        return None
