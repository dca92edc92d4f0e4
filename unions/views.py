"""Login, posts, the tree, the audit trail and the integrity check."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.core.paginator import Paginator
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect

from relief.lib import clock
from unions import actions, audit, integrity
from unions.enums import Outcome, Role
from unions.forms import HeadcountForm, LoginForm, PasswordForm
from unions.listings.own import found_unions
from unions.models import Account, AuditEvent, Job, Post, Union, UnionHeadcount
from unions.policy import ACTS, Refused, Stale, may_anywhere, require
from unions.web import current_union, page, person_of, public, whole_number

PER_PAGE = 50
UNIONS_PER_PAGE = 200
OTHER_ACTS = {
    "session.login": "登录",
    "session.logout": "退出登录",
    "page": "打开页面",
    "attachment.add": "上传附件",
    "attachment.remove": "移除附件",
    "batch.paper_made": "长清册印制结束",
    "batch.paper_purge": "清除过期的清册文件",
    "bundle.finish": "导出结束",
    "bundle.purge": "清除过期导出",
    "dossier.probe": "查重",
    "figures.explain": "填写说明",
    "form.export": "导出报表",
    "list.again": "重新生成导出的清单",
    "list.made": "清单文件生成结束",
    "list.purge": "清除过期的清单文件",
    "remittance.slip_read": "下载汇款单据",
    "world.load": "装入数据",
}
"""Audited things that are no acts of the table."""


@public(methods=("GET", "POST"))
@csrf_protect
def login_page(request: HttpRequest) -> HttpResponse:
    """Log in; the answer to an unknown name and to a wrong password is the same."""
    if request.user.is_authenticated:
        return redirect("home")
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.account is not None:
        login(request, form.account)
        with transaction.atomic():
            audit.record(act="session.login", by=form.account.person, obj=form.account)
        return redirect(_next(request))
    if request.method == "POST":
        audit.record_refusal(act="session.login", by=None, obj=None, reason="login failed")
    context = {"form": form, "next": _next(request), "demo_accounts": _demo_accounts(), "demo_password": ""}
    if settings.RELIEF_DEMO:
        context["demo_password"] = getattr(settings, "RELIEF_DEMO_PASSWORD", "")
    return render(request, "unions/login.html", context)


def _next(request: HttpRequest) -> str:
    """Where to go after login: a path on this site, else the first page (R-38)."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return target if safe and target.startswith("/") else "/"


def _demo_accounts() -> list[tuple[str, str, str]]:
    """(login, role, union) of the demo's accounts; empty outside the demo profile."""
    if not settings.RELIEF_DEMO:
        return []
    names = getattr(settings, "RELIEF_DEMO_LOGINS", ())
    accounts = {a.username: a for a in Account.objects.filter(username__in=names).select_related("person")}
    rows = []
    for name in names:
        if name in accounts:
            posts = accounts[name].person.posts_now()
            roles = "、".join(dict.fromkeys(post.get_role_display() for post in posts))
            rows.append((name, roles, posts[0].union.name if posts else ""))
    return rows


@page("home", methods=("POST",))
def logout_page(request: HttpRequest) -> HttpResponse:
    """End the login session on the server and ask the browser to forget the pages (R-25)."""
    person = person_of(request)
    with transaction.atomic():
        audit.record(act="session.logout", by=person)
    logout(request)
    response = redirect("login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@page("session.post", methods=("POST",))
def choose_post(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own posts from now on."""
    own = Post.objects.in_force(_now()).filter(person=person_of(request))
    post = get_object_or_404(own, pk=whole_number(request.POST.get("post")))
    request.session["post"] = post.pk
    messages.success(request, f"现在按“{post}”办理。")
    return redirect("home")


def _now() -> datetime:

    return clock.db_now()


@page("session.password", methods=("GET", "POST"))
def password_page(request: HttpRequest) -> HttpResponse:
    """Change the own password."""
    account: Account = request.user  # type: ignore[assignment]
    form = PasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(by=person_of(request), account=account, password=form.cleaned_data["new"])
        account.refresh_from_db()
        update_session_auth_hash(request, account)
        messages.success(request, "密码已修改。")
        return redirect("home")
    return render(request, "unions/password.html", {"form": form})


@page("union.read")
def union_tree(request: HttpRequest) -> HttpResponse:
    """The unions the person can see, as a tree with kinds and staff; searched by name or code."""
    words = request.GET.get("q", "").strip()[:60]
    shown = Paginator(found_unions(person_of(request), words), UNIONS_PER_PAGE).get_page(request.GET.get("page"))
    posts = Post.objects.in_force(_now()).filter(union__in=[u.pk for u in shown]).select_related("person")
    staff: dict[int, dict[str, list[str]]] = {}
    for post in posts.order_by("pk"):
        staff.setdefault(post.union_id, {}).setdefault(post.get_role_display(), []).append(post.person.name)
    own = {post.union_id for post in person_of(request).posts_now()}
    rows = [
        {
            "union": union,
            "staff": [(role, "、".join(names)) for role, names in staff.get(union.pk, {}).items()],
            "indent": 0 if words else min(union.depth, 4),
            "own": union.pk in own,
        }
        for union in shown
    ]
    context = {"rows": rows, "page": shown, "q": words, "counts": may_anywhere(person_of(request), "headcount.read")}
    return render(request, "unions/union_tree.html", context)


@page("headcount.read")
def headcounts(request: HttpRequest) -> HttpResponse:
    """Yearly head counts of the person's unions, newest year first."""
    person = person_of(request)
    kept = UnionHeadcount.objects.visible_to(person).select_related("union").order_by("-year", "union__code")
    shown = Paginator(kept, PER_PAGE).get_page(request.GET.get("page"))
    keepers = (Role.ENTER, Role.SYSTEM)
    may_record = may_anywhere(person, "union.headcount")
    # the act holds for the subtree; asked here without a query per row
    reach = tuple(post.union.path for post in person.posts_now() if post.role in keepers)
    context = {
        "page": shown,
        "rows": [{"kept": row, "may_change": row.union.path.startswith(reach)} for row in shown],
        "own": current_union(request, keepers) if may_record else None,
    }
    return render(request, "unions/headcounts.html", context)


@page("union.headcount", methods=("GET", "POST"))
def headcount_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Enter or correct the head counts of year `number`; 0 asks for the year."""
    person = person_of(request)
    union = get_object_or_404(Union.objects.visible_to(person), pk=pk)
    require(person, "union.headcount", union)
    kept = UnionHeadcount.objects.filter(union=union, year=number).first()
    initial = model_to_dict(kept) if kept else {"year": number or clock.today().year, "version": 0}
    form = HeadcountForm(request.POST or None, initial=initial, fixed_year=kept is not None)
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            actions.set_headcount(by=person, union=union, **values)
        except Refused as refusal:
            form.add_error(None, f"{refusal.reason}{refusal.next_step}")
            differences = refusal.differences if isinstance(refusal, Stale) else []
            form.saw(_stored_version(union, values["year"]))
        else:
            messages.success(request, f"{values['year']}年的人数已保存。")
            return redirect("headcounts")
    context = {"form": form, "union": union, "kept": kept, "differences": differences}
    return render(request, "unions/headcount_form.html", context, status=422 if form.errors else 200)


def _stored_version(union: Union, year: int) -> int:
    return UnionHeadcount.objects.filter(union=union, year=year).values_list("version", flat=True).first() or 0


@page("audit.read")
def audit_trail(request: HttpRequest) -> HttpResponse:
    """The audit record of the person's subtree, newest first, filtered by act and outcome."""
    act, outcome = request.GET.get("act", ""), request.GET.get("outcome", "")
    events = AuditEvent.objects.visible_to(person_of(request)).select_related("person", "union").order_by("-at", "-pk")
    if ACTS.get(act):
        events = events.filter(act=act)
    if outcome in Outcome.values:
        events = events.filter(outcome=outcome)
    shown = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    labels = {known.name: known.label for known in ACTS}
    rows = [
        {
            "event": event,
            "label": labels.get(event.act, OTHER_ACTS.get(event.act, event.act)),
            "roles": "、".join(Role(role).label for role in event.role.split(",") if role in Role.values),
            "object": object_word(event),
            "reason": event.detail.get("reason", ""),
        }
        for event in shown
    ]
    context = {
        "page": shown,
        "rows": rows,
        "acts": sorted(ACTS, key=lambda known: known.name),
        "act": act,
        "outcomes": Outcome.choices,
        "outcome": outcome,
    }
    return render(request, "unions/audit_trail.html", context)


def object_word(event: AuditEvent) -> str:
    """What the act was done to, without anything personal: the kind of record and its row number."""
    if not event.object_type:
        return ""
    try:
        name = str(apps.get_model(event.object_type)._meta.verbose_name)
    except LookupError:
        name = event.object_type
    return f"{name} {event.object_id}"


@page("integrity.verify", methods=("GET", "POST"))
def integrity_page(request: HttpRequest) -> HttpResponse:
    """Run the integrity check as a job and show the last results."""
    person = person_of(request)
    if request.method == "POST":
        integrity.start(by=person, union=current_union(request))
        messages.success(request, "已开始完整性检查，可以离开本页，完成后结果留在这里。")
        return redirect("integrity")
    jobs = Job.objects.visible_to(person).filter(kind="verify")[:10]
    return render(request, "unions/integrity.html", {"jobs": jobs})
