"""Requests that may arrive twice: the second one gets the answer of the first (R-32)."""

from __future__ import annotations

import uuid
from typing import Any

from relief.lib import clock, crypto
from unions.models import IdempotencyKey, Person
from unions.policy import Refused


def new_key() -> str:
    """A fresh request key for a form."""
    return uuid.uuid4().hex


def claim(*, by: Person, act: str, key: str, body: Any) -> tuple[IdempotencyKey, bool]:
    """Return (row, True) when the request is new, (row, False) when it was answered before: use `row.receipt`.

    Call it first inside the transaction of the act, and `remember` the receipt last. The same key with another body is
    refused (422); a missing key is refused for every act that asks for one.
    """
    if not key:
        raise Refused("页面缺少请求编号，没有写入。", "请刷新页面后再提交一次。", status=422, act=act)
    digest = crypto.keyed_digest(body)
    row, new = IdempotencyKey.objects.get_or_create(
        person=by, act=act, key=key, defaults={"digest": digest, "at": clock.db_now()}
    )
    if not new and row.digest != digest:
        raise Refused(
            "同一个请求编号提交了两份不同的内容，第二份没有写入。", "请刷新页面，核对后再提交。", status=422, act=act
        )
    return row, new


def answered(*, by: Person, act: str, key: str, body: Any) -> str:
    """The receipt this request got when it came before, else ""; for a view that has more to do than the one act."""
    row = IdempotencyKey.objects.filter(person=by, act=act, key=key).exclude(receipt="").first() if key else None
    if row is None:
        return ""
    return claim(by=by, act=act, key=key, body=body)[0].receipt


def was_answered(*, by: Person, act: str, key: str) -> bool:
    """Whether a request with this key was answered before, whatever it said."""
    return bool(key) and IdempotencyKey.objects.filter(person=by, act=act, key=key).exclude(receipt="").exists()


def remember(row: IdempotencyKey, receipt: str) -> str:
    """Keep the receipt of the answered request and return it."""
    IdempotencyKey.objects.filter(pk=row.pk).update(receipt=receipt)
    return receipt
