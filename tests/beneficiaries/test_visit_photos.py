"""Photos of a visit: taken in without what a phone writes into them, looked at only with a purpose, each look on record."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from beneficiaries import actions
from beneficiaries.dossiers.intake import Faults
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.cast import log_in
from unions import attachments
from unions.models import AuditEvent
from unions.policy import Refused

GPS = 0x8825


def photo(name: str = "IMG_0412.jpg") -> SimpleUploadedFile:
    """A small picture with a place in its EXIF, as a phone writes it."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[GPS] = {1: "N", 2: (34.0, 16.0, 12.0)}
    Image.new("RGB", (32, 24), "teal").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def home(clerk, mill):
    """A visit to a household with one photo."""
    return actions.record_visit(
        by=clerk, union=mill, campaign=None, kind="household", visited_on=clock.today(),
        dossier=made.draft(clerk, mill), photos=[photo()],
    )  # fmt: skip


def test_a_photo_loses_its_place(home):
    (kept,) = attachments.of(home)
    with Image.open(io.BytesIO(attachments.read(kept))) as image:
        assert (image.size, dict(image.getexif().get_ifd(GPS))) == ((32, 24), {})
    assert (kept.kind, kept.content_type) == ("走访照片", "image/jpeg")


def test_the_form_of_a_phone_takes_photos_along(client, clerk, mill):
    sent = {"visited_on": clock.today(), "enterprise": "青岬纺织厂", "persons": 2, "photos": [photo(), photo("2.jpg")]}
    answer = log_in(client, clerk).post(reverse("visit_enterprise"), sent)
    assert answer.status_code == 302
    visit = mill.visits.get()
    assert attachments.of(visit).count() == 2
    page = client.get(reverse("visit_list")).content.decode()
    assert f'href="{reverse("visit_photos", args=[visit.pk])}"' in page


@pytest.mark.parametrize("name", ["诊断书.pdf", "IMG_1.heic", "photo.png"])
def test_what_is_no_photo_is_refused_and_no_visit_is_kept(clerk, mill, name):
    given = {"campaign": None, "kind": "enterprise", "visited_on": clock.today(), "enterprise": "青岬纺织厂"}
    with pytest.raises(Faults) as faults:
        actions.record_visit(by=clerk, union=mill, **given, photos=[photo(), photo(name)])
    assert list(faults.value.errors) == ["photos"]
    assert not mill.visits.exists()


def test_a_household_s_photo_is_seen_after_saying_what_for(client, clerk, home):
    (kept,) = attachments.of(home)
    url = reverse("visit_photo_take", args=[home.pk, kept.pk])
    assert log_in(client, clerk).post(url).status_code == 409
    actions.unmask(by=clerk, dossier=home.dossier, purpose="verify", reason="核对入户情况")
    answer = client.post(url)
    assert (answer.status_code, answer["Content-Security-Policy"]) == (200, "sandbox; default-src 'none'")
    assert AuditEvent.objects.filter(act="visit.photo_take", outcome="done").count() == 1


def test_neither_cashier_nor_auditor_nor_stranger_takes_one(cast, home):
    (kept,) = attachments.of(home)
    for person in (cast.cashier, cast.auditor, cast.stranger):
        with pytest.raises(Refused):
            actions.take_visit_photo(by=person, visit=home, photo=kept)


def test_a_wrong_photo_is_removed_with_its_bytes(client, clerk, home, django_capture_on_commit_callbacks):
    (kept,) = attachments.of(home)
    log_in(client, clerk)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("visit_photo_remove", args=[home.pk, kept.pk]))
    kept.refresh_from_db()
    assert (attachments.of(home).count(), attachments.is_there(kept)) == (0, False)
    assert "还没有照片" in client.get(reverse("visit_photos", args=[home.pk])).content.decode()


def test_a_void_visit_takes_no_more(clerk, home):
    home = actions.void_visit(by=clerk, visit=home, version=home.version)
    with pytest.raises(Refused, match="已经作废"):
        actions.add_visit_photos(by=clerk, visit=home, photos=[photo()])


def test_three_photos_cost_no_more_queries_than_one(client, clerk, home):
    log_in(client, clerk)
    costs = []
    for more in (0, 2):
        if more:
            actions.add_visit_photos(by=clerk, visit=home, photos=[photo(), photo()])
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("visit_photos", args=[home.pk]))
        costs.append(len(queries))
    assert costs[0] == costs[1]
