"""Pages of staff: logins of the own subtree, new ones, posts, and the print of first passwords."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from relief.lib import clock
from relief.lib.pdf import PdfFailed
from unions import actions as union_actions
from unions.actions import staff as actions
from unions.enums import Role
from unions.models import Account, Post, Union
from unions.policy import Refused, may_anywhere, require
from unions.querysets import nothing, path_within
from unions.staff.forms import AccountForm, PostForm
from unions.staff.letters import letters_pdf
from unions.web import page, person_of, whole_number

PER_PAGE = 50
SHOWN = {
    "waiting": "等初始密码",
    "printed": "已打印，未登录",
    "over": "初始密码过期",
    "open": "在用",
    "closed": "已停用",
}


@page("account.read")
def staff_accounts(request: HttpRequest) -> HttpResponse:
    """The logins of the person's subtrees with posts and state; searched by name, login or union."""
    person, words = person_of(request), request.GET.get("q", "").strip()[:60]
    seen = Account.objects.visible_to(person).select_related("union").order_by("union__path", "pk")
    if words:
        seen = seen.filter(
            Q(person__name__contains=words) | Q(login_key__contains=words.casefold()) | Q(union__name__contains=words)
            | Q(union__code__startswith=words)
        )  # fmt: skip
    shown = Paginator(seen, PER_PAGE).get_page(request.GET.get("page"))
    now = clock.db_now()
    posts: dict[int, list[Post]] = {}
    held = Post.objects.in_force(now).filter(person__in=[account.person_id for account in shown])
    for post in held.select_related("union").order_by("pk"):
        posts.setdefault(post.person_id, []).append(post)
    security = person.reach({Role.SECURITY})
    context = {
        "page": shown,
        "rows": [
            {
                "account": account,
                "state": _state(account, now),
                "label": SHOWN[_state(account, now)],
                "posts": [
                    {"post": post, "may_revoke": bool(security) and post.union.path.startswith(security)}
                    for post in posts.get(account.person_id, [])
                ],
                "own": account.person_id == person.pk,
            }
            for account in shown
        ],
        "q": words,
        "system": may_anywhere(person, "account.create"),
        "security": bool(security),
        "now": now,
    }
    return render(request, "unions/staff_accounts.html", context)


def _state(account: Account, now: datetime) -> str:
    if not account.is_active:
        return "closed"
    if not account.must_change_password:
        return "open"
    if not account.has_usable_password():
        return "waiting"
    return "over" if account.password_until is not None and account.password_until <= now else "printed"


def _kept(request: HttpRequest, role: str) -> Any:
    """The unions of the subtrees where the person holds the role."""
    reach = nothing()
    for path in person_of(request).reach({role}):
        reach |= path_within(path)
    return Union.objects.filter(reach)


@page("account.create", methods=("GET", "POST"))
def account_new(request: HttpRequest) -> HttpResponse:
    """Give a person of the subtree a login."""
    accounts = Account.objects.visible_to(person_of(request)).select_related("union")
    form = AccountForm(request.POST or None, unions=_kept(request, Role.SYSTEM), accounts=accounts)
    if request.method == "POST" and form.is_valid():
        try:
            account = actions.add_account(by=person_of(request), **form.cleaned_data)
        except Refused as refusal:
            again = form.cleaned_data["former"] is not None
            form.add_error("former" if again else "username", f"{refusal.reason}{refusal.next_step}")
        else:
            messages.success(request, f"已建账号 {account.username}。请打印初始密码，并请安全管理员授岗。")
            return redirect("staff_accounts")
    context = {"form": form, "title": "新建账号", "submit": "建立账号"}
    return render(request, "unions/staff_form.html", context, status=422 if form.errors else 200)


def _account(request: HttpRequest, pk: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(person_of(request)).select_related("union"), pk=pk)


@page("account.disable", methods=("POST",))
def account_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a login: it ends at once, with what it has queued."""
    account = _account(request, pk)
    actions.set_active(by=person_of(request), account=account, active=False)
    messages.success(request, f"账号 {account.username} 已停用。")
    return redirect("staff_accounts")


@page("account.enable", methods=("POST",))
def account_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed login again."""
    account = _account(request, pk)
    actions.set_active(by=person_of(request), account=account, active=True)
    messages.success(request, f"账号 {account.username} 已启用。")
    return redirect("staff_accounts")


@page("post.grant", methods=("GET", "POST"))
def post_new(request: HttpRequest) -> HttpResponse:
    """Give a person of the subtree a post."""
    person = person_of(request)
    form = PostForm(
        request.POST or None,
        initial={"username": request.GET.get("login", "")[:40], "union": request.GET.get("union", "")[:32]},
        unions=_kept(request, Role.SECURITY),
        accounts=Account.objects.visible_to(person),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        until = said["until"]
        try:
            post = union_actions.grant_post(
                by=person,
                person=said["username"].person,
                union=said["union"],
                role=said["role"],
                until=datetime.combine(until + timedelta(days=1), time(), clock.SHANGHAI) if until else None,
            )
        except Refused as refusal:
            form.add_error("role", f"{refusal.reason}{refusal.next_step}")
        else:
            messages.success(request, f"已授岗：{post.person.name}，{post}。")
            return redirect("staff_accounts")
    context = {"form": form, "title": "授岗", "submit": "授岗"}
    return render(request, "unions/staff_form.html", context, status=422 if form.errors else 200)


@page("post.revoke", methods=("POST",))
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post now."""
    seen = Post.objects.visible_to(person_of(request)).select_related("union", "person")
    post = get_object_or_404(seen, pk=pk)
    union_actions.revoke_post(by=person_of(request), post=post)
    messages.success(request, f"已撤岗：{post.person.name}，{post}。")
    return redirect("staff_accounts")


@page("account.passwords", methods=("GET", "POST"))
def password_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose logins of one union that wait for a first password, and print it for them, sealed."""
    person = person_of(request)
    union = get_object_or_404(Union.objects.visible_to(person), pk=pk)
    require(person, "account.passwords", union)
    waiting = Account.objects.filter(union=union, is_active=True, must_change_password=True).order_by("pk")
    if request.method == "POST":
        chosen = waiting.filter(pk__in=[whole_number(text) for text in request.POST.getlist("a")])
        return _letters(request, union, chosen)
    now = clock.db_now()
    rows = [{"account": account, "label": SHOWN[_state(account, now)]} for account in waiting]
    context = {"union": union, "rows": rows, "most": actions.MOST_LETTERS, "now": now}
    return render(request, "unions/password_choice.html", context)


def _letters(request: HttpRequest, union: Union, chosen: Any) -> HttpResponse:
    try:
        letters = actions.seal_passwords(by=person_of(request), union=union, accounts=chosen)
        data = letters_pdf(union, letters, request.build_absolute_uri("/"))
    except Refused as refusal:
        if refusal.status != 422:
            raise
        messages.error(request, f"{refusal.reason}{refusal.next_step}")
        return redirect("password_letters", pk=union.pk)
    except PdfFailed as fault:
        raise Refused(str(fault), "请再打印一次；上一次的密码已作废。", act="account.passwords", obj=union) from None
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'初始密码 {union.code}.pdf')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
