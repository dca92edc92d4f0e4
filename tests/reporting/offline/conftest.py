"""The mill's clerk with a published form, its template and the files that come back."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reporting.models import Figure
from tests.cast import log_in
from tests.reporting.test_main_job import fresh, helped_home, raise_funds


class Desk:
    """A clerk at the page of one filing: downloads, fills in, uploads, confirms."""

    def __init__(self, client, submission):
        self.client, self.submission = client, submission

    def url(self, name):
        return reverse(name, args=[self.submission.pk])

    def template(self):
        answer = self.client.get(self.url("form_template"))
        assert answer.status_code == 200
        return openpyxl.load_workbook(io.BytesIO(answer.content))

    def official(self):
        address = reverse("form_export", args=[self.submission.pk, "xlsx"])
        answer = self.client.get(address, {"live": "1", "part": "own"})
        return openpyxl.load_workbook(io.BytesIO(answer.content))

    def send(self, book, url=None, **more):
        stream = io.BytesIO()
        if isinstance(book, bytes):
            stream.write(book)
        else:
            book.save(stream)
        data = {"file": SimpleUploadedFile("form.xlsx", stream.getvalue()), **more}
        return self.client.post(url or self.url("figures_upload"), data)

    def changes(self, answer):
        """{code: (now, then)} of the page that lists what would change."""
        assert answer.status_code == 200, answer.context["upload_faults"]
        return {change.code: (change.before, change.after) for change in answer.context["changes"]}

    def confirm(self, answer):
        return self.client.post(self.url("figures_take"), {"sealed": answer.context["sealed"]})

    def faults(self, answer):
        assert answer.status_code == 422
        assert Figure.objects.count() == 0
        return list(answer.context["upload_faults"])

    def stored(self):
        return {f.code: f.number if f.state == "filled" else f.state for f in Figure.objects.all()}

    @property
    def version(self):
        return fresh(self.submission).version


@pytest.fixture
def desk(published, cast, mill, clerk):
    """The mill's filing of the 2024 form, with 1.60005 万元 of own dues and 7 journeys home in the records."""
    raise_funds(clerk, mill, published.campaign, "16000.50")
    helped_home(clerk, mill, published.campaign, 7)
    return Desk(log_in(Client(), clerk), published.submission(mill))
