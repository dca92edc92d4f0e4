"""The photos of one visit: how many there are, adding some, looking at one, taking one off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.actions.visit_photos import PHOTO
from beneficiaries.dossiers.intake import Faults
from beneficiaries.forms.visits import PhotosForm
from beneficiaries.models import Visit
from relief.lib import idnumber
from unions import attachments
from unions.models import Attachment
from unions.policy import can
from unions.web import page, person_of


@page("visit.read")
def visit_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """The photos that lie with a visit; each is opened by itself and on record."""
    return _show(request, _visit(request, pk), PhotosForm())


@page("visit.photo", methods=("POST",))
def visit_photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in photos."""
    visit, form = _visit(request, pk), PhotosForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_visit_photos(by=person_of(request), visit=visit, photos=form.cleaned_data["photos"])
        except Faults as faults:
            form.add_error("photos", "".join(faults.errors.values()))
        else:
            messages.success(request, "照片已保存，拍摄地点等信息已去掉。")
            return redirect("visit_photos", pk=visit.pk)
    return _show(request, visit, form, status=422)


@page("visit.photo_take", methods=("POST",))
def visit_photo_take(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Give out one photo; every download is written down."""
    visit = _visit(request, pk)
    photo = actions.take_visit_photo(by=person_of(request), visit=visit, photo=_photo(visit, attachment))
    return attachments.download_response(photo)


@page("visit.photo", methods=("POST",))
def visit_photo_remove(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Take one photo off."""
    visit = _visit(request, pk)
    actions.remove_visit_photo(by=person_of(request), visit=visit, photo=_photo(visit, attachment))
    messages.success(request, "照片已删除。")
    return redirect("visit_photos", pk=visit.pk)


def _visit(request: HttpRequest, pk: int) -> Visit:
    reach = Visit.objects.visible_to(person_of(request)).select_related("union", "dossier")
    return get_object_or_404(reach, pk=pk)


def _photo(visit: Visit, pk: int) -> Attachment:
    return get_object_or_404(attachments.of(visit).filter(kind=PHOTO), pk=pk)


def _show(request: HttpRequest, visit: Visit, form: PhotosForm, *, status: int = 200) -> HttpResponse:
    person, household = person_of(request), visit.dossier
    context = {
        "visit": visit,
        "name": idnumber.mask_name(household.name) if household is not None else visit.enterprise,
        "dossier": household.pk if household is not None else None,
        "photos": attachments.of(visit).filter(kind=PHOTO).select_related("uploaded_by"),
        "may_add": visit.voided_at is None and bool(can(person, "visit.photo", visit)),
        "may_take": bool(can(person, "visit.photo_take", visit)),
        "form": form,
    }
    return render(request, "beneficiaries/visit_photos.html", context, status=status)
