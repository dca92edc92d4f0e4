"""The form designer: drafts, the page where a form is built, and what that page asks while it is being built."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from relief.lib import clock
from reporting import actions, designing
from reporting.actions.designing import Faulty
from reporting.designing import UnreadableForm, read_form_file
from reporting.designing.catalogue import catalogue, codes_of
from reporting.designing.judging import judge
from reporting.designing.recognising import recognise
from reporting.forms import BlankDraftForm, CopyDraftForm, FileDraftForm
from reporting.formstore import codes_of_forms, newest_versions
from reporting.models import FormDraft, FormVersion
from reporting.views.answers import answers_json, body_of, said
from reporting.views.form_versions import json_file
from reporting.views.framing import framing
from unions.enums import Role
from unions.models import Union
from unions.policy import Refused, Stale, can
from unions.web import current_union, page, person_of, whole_number


@page("form.design", methods=("GET", "POST"))
def designer_list(request: HttpRequest) -> HttpResponse:
    """The drafts of the person's unions; a post begins a new one: blank, from a version, or from a file."""
    person, union = person_of(request), current_union(request, {Role.ORGANISE})
    starts = _starts(request)
    source = request.POST.get("source", "")
    form = starts.get(source)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            draft = _begin(request, union, source, form.cleaned_data)
        except (Refused, UnreadableForm) as refusal:
            form.add_error(None, _in_words(refusal))
        else:
            messages.success(request, f"已建立草稿“{draft.title}”。")
            return redirect("designer_page", draft.pk)
    drafts = (
        FormDraft.objects.visible_to(person)
        .filter(enabled_as__isnull=True)
        .select_related("union", "based_on", "changed_by")
        .defer("spec", "based_on__spec")
    )
    context = {"drafts": drafts, "starts": starts, "union": union, "now": clock.db_now()}
    return render(request, "reporting/designer_list.html", context, status=422 if request.method == "POST" else 200)


def _starts(request: HttpRequest) -> dict[str, Form]:
    """The three ways to begin, each a form of its own; the one that was sent holds what was sent."""
    wished = request.GET.get("source", "").partition("version:")[2]  # `?source=version:7` of 复制为新版
    named = whole_number(request.POST.get("form_version") or wished)
    source = request.POST.get("source")

    def begun(name: str) -> dict[str, Any]:
        sent = {"data": request.POST, "files": request.FILES} if source == name else {}
        return {"auto_id": f"{name}-%s", **sent}

    return {
        "blank": BlankDraftForm(**begun("blank")),
        "version": CopyDraftForm(
            **begun("version"), initial={"form_version": wished or None}, versions=_offered(named)
        ),
        "file": FileDraftForm(**begun("file")),
    }


def _offered(named: int) -> list[FormVersion]:
    """The versions to copy from: each form's newest one, and an older one that was asked for."""
    return [*newest_versions().defer("spec"), *FormVersion.objects.filter(pk=named).defer("spec")]


def _in_words(refusal: Exception) -> str:
    return f"{refusal.reason}{refusal.next_step}" if isinstance(refusal, Refused) else str(refusal)


def _begin(request: HttpRequest, union: Union, source: str, wished: dict[str, Any]) -> FormDraft:
    person = person_of(request)
    if source == "blank":
        raw = designing.blank_form(wished["form_id"], wished["title"], wished["year"])
        return actions.create_draft(by=person, union=union, raw=raw)
    if source == "file":
        raw = read_form_file(wished["file"].read())
        designing.refuse_shape(raw)
        return actions.create_draft(by=person, union=union, raw=raw)
    form_id, year = wished["form_id"], wished["year"]
    version = FormVersion.objects.get(pk=wished["form_version"])
    if form_id and form_id != version.form_id:
        raw = designing.as_new_form(version.spec, form_id, wished["title"], year=year)
    else:
        raw = designing.as_new_version(version.spec, actions.next_number(version.form_id), year=year)
    return actions.create_draft(by=person, union=union, raw=raw, based_on=version)


@page("form.design")
@framing
def designer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page where a form is built; everything else happens in the browser and through the addresses below."""
    draft = _draft(request, pk)
    if draft.enabled_as_id is not None:
        return redirect("form_page", draft.enabled_as_id)
    context = {
        "draft": draft,
        "spec": draft.spec,
        "catalogue": catalogue(version.spec for version in newest_versions().exclude(form_id=draft.form_id)),
        "state": {
            "version": draft.version,
            **_judged(draft.spec),
            "previous": _previous(draft),
            "next_number": actions.next_number(draft.form_id),
            "urls": {name: reverse(view, args=args) for name, (view, args) in _addresses(pk).items()},
        },
        "may_enable": can(person_of(request), "form.enable", draft),
    }
    return render(request, "reporting/designer_page.html", context)


def _addresses(pk: int) -> dict[str, tuple[str, list[Any]]]:
    views = {name: (f"designer_{name}", [pk]) for name in ("save", "check", "recognise", "enable", "export", "abandon")}
    previews = {f"preview_{fmt}": ("designer_preview", [pk, fmt]) for fmt in ("page", "excel")}
    return {**views, **previews, "preview_pdf": ("designer_pdf", [pk])}


def _draft(request: HttpRequest, pk: int) -> FormDraft:
    drafts = FormDraft.objects.visible_to(person_of(request))
    return get_object_or_404(drafts.select_related("union", "based_on", "enabled_as", "changed_by"), pk=pk)


def _judged(raw: dict[str, Any]) -> dict[str, Any]:
    told = judge(raw, codes_of_forms())
    return {name: told[name] for name in ("faults", "examples")}


def _previous(draft: FormDraft) -> dict[str, Any] | None:
    """The version this draft is compared with: the one it was copied from, else the newest one of the form."""
    version = draft.based_on or FormVersion.objects.filter(form_id=draft.form_id).order_by("-version").first()
    if version is None:
        return None
    return {"id": version.form_id, "version": version.version, "codes": codes_of(version.spec)}


@answers_json
@page("form.design", methods=("POST",))
def designer_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the browser holds; 409 with the other person's data when somebody saved in between."""
    draft, sent = _draft(request, pk), body_of(request)
    version, raw = sent.get("version"), sent.get("spec")
    if not isinstance(version, int) or isinstance(version, bool):
        raise Refused(
            "没有说是哪一次打开的草稿，没有保存。", "请刷新页面后再试。", status=422, act="form.design", obj=draft
        )
    try:
        draft = actions.save_draft(by=person_of(request), draft=draft, version=version, raw=_spec(raw))
    except Stale:
        return _stale(request, pk)
    return said({"version": draft.version, **_judged(draft.spec)})


def _stale(request: HttpRequest, pk: int) -> HttpResponse:
    theirs = _draft(request, pk)
    return said(
        {
            "stale": True,
            "by": theirs.changed_by.name,
            "at": clock.say_instant(theirs.changed_at),
            "version": theirs.version,
            "spec": theirs.spec,
        },
        409,
    )


def _spec(raw: Any) -> dict[str, Any]:
    """The form's data of a request, known to be storable."""
    try:
        designing.refuse_shape(raw)
    except UnreadableForm as fault:
        raise Refused(f"{fault}", "请改正后再试。", status=422, act="form.design") from None
    return raw


@answers_json
@page("form.design", methods=("POST",))
def designer_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Faults, examples and formulas of what the browser holds, without keeping it."""
    _draft(request, pk)
    return said(judge(_spec(body_of(request).get("spec")), codes_of_forms()))


@answers_json
@page("form.design", methods=("POST",))
def designer_recognise(request: HttpRequest, pk: int) -> HttpResponse:
    """Items, relations and rows proposed from typed or pasted text."""
    _draft(request, pk)
    sent = body_of(request)
    text, raw, after = sent.get("text"), sent.get("spec"), sent.get("after")
    if not isinstance(text, str):
        raise Refused("没有要识别的文字。", "请先输入或粘贴表里的文字。", status=422, act="form.design")
    return said(recognise(text, _spec(raw), str(after or "")).as_json())


@answers_json
@page("form.enable", methods=("POST",))
def designer_enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the saved draft the next version of its form."""
    draft, sent = _draft(request, pk), body_of(request, "form.enable")
    version = sent.get("version")
    seen = version if isinstance(version, int) else 0
    try:
        created = actions.enable_draft(by=person_of(request), draft=draft, version=seen)
    except Faulty as fault:
        return said({"faults": fault.faults}, 422)
    except Stale:
        return _stale(request, pk)
    messages.success(request, f"“{created.title}”已启用为第 {created.version} 版。")
    return said({"url": reverse("form_page", args=[created.pk])})


@page("form.design", methods=("POST",))
def designer_abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    draft = _draft(request, pk)
    actions.abandon_draft(by=person_of(request), draft=draft, version=whole_number(request.POST.get("version")))
    messages.success(request, f"已删除草稿“{draft.title}”。")
    return redirect("designer_list")


@page("form.design")
def designer_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as one file that can be imported again."""
    draft = _draft(request, pk)
    return json_file(draft.spec, f"{draft.form_id}-draft")
