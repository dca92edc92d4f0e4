"""A county with hand-ins in every state, and ways to order an export and to look into it."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reporting import actions
from reporting.actions import bundling
from reporting.bundles.asking import Asked, BundleKind
from reporting.models import Submission
from unions import attachments
from unions.idempotency import new_key
from unions.models import Job

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@dataclass
class Desk:
    """The published campaign seen from one desk."""

    cast: object
    published: object

    def submission(self, union, deliverable=None) -> Submission:
        return self.published.submission(union, deliverable)

    def hand_in(self, by, union, deliverable=None):
        submission = self.submission(union, deliverable)
        return actions.hand_in(by=by, submission=submission, version=submission.version, key=new_key())

    def report(self, by, union, text, *files):
        """Write a report with files and hand it in."""
        submission = self.submission(union, self.published.report)
        for name in files:
            upload = SimpleUploadedFile(name, PDF, content_type="application/pdf")
            attachments.attach(by=by, union=union, owner=submission, upload=upload, kind="报告附件")
        submission = actions.save_report(by=by, submission=submission, version=submission.version, text=text)
        return self.hand_in(by, union, self.published.report)

    def order(self, by, union, kind=BundleKind.FORMS, scope="all", formats=("xlsx",)) -> Job:
        whole = kind == BundleKind.CAMPAIGN
        campaign, form = self.published.campaign, self.published.form
        asked = Asked(kind, campaign.pk, None if whole else form.pk, scope, tuple(formats))
        title = campaign.title if whole else form.title
        return bundling.start(by=by, union=union, campaign=campaign, asked=asked, title=title)

    def made(self, *given, **more) -> Job:
        """The job after the worker has run."""
        job = self.order(*given, **more)
        bundling.run(job.pk)
        return Job.objects.get(pk=job.pk)


def content(job: Job) -> bytes:
    """The file of a finished job."""
    return b"".join(attachments.pieces(bundling.file_of(job)))


def unzipped(job: Job) -> dict[str, bytes]:
    """The members of the zip by path, in their order."""
    with zipfile.ZipFile(io.BytesIO(content(job))) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def manifest(job: Job) -> dict:
    return json.loads(unzipped(job)["manifest.json"])


def digests_of(files: dict[str, bytes]) -> dict[str, str]:
    """SHA-256 of all members but the manifest itself."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in files.items() if path != "manifest.json"}


@pytest.fixture
def desk(cast, published) -> Desk:
    """Mill and school below the county have handed in their forms; county, city and museum have not."""
    here = Desk(cast, published)
    here.hand_in(cast.clerk, cast.mill)
    here.hand_in(cast.school_clerk, cast.school)
    return here
