"""Evidence of a file (佐证材料): taken in, given out, every look written down."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from beneficiaries.actions.households import ACT, looked_at, works_on
from beneficiaries.enums import Cause, Certificate
from beneficiaries.models import Dossier
from unions import attachments, audit
from unions.models import Attachment, Person
from unions.policy import Refused, require

KINDS = (
    "困难申请",
    "身份证",
    "户口本",
    "单位证明",
    "银行卡",
    "诊断证明",
    "医院单据",
    "公示材料",
    "会议纪要",
    "上级工会证明",
    "登记表照片",
    "低保证明",
    "残疾证",
    "公安或民政证明",
    "学籍和缴费证明",
    "劳动合同",
    "婚姻状况证明",
)
NEEDED = ("困难申请", "身份证", "户口本", "单位证明", "银行卡")
"""Types that every file must hold (domain.md 3.4); the page shows the missing ones as dashed tiles."""


def needed_for(dossier: Dossier) -> frozenset[str]:
    """The types this file must hold: those of every file, and those its cause and marks ask for (domain.md 3.4)."""
    asked = {
        "诊断证明": dossier.cause_is_health,
        "医院单据": dossier.cause_is_health,
        "学籍和缴费证明": dossier.cause == Cause.SCHOOLING,
        "公安或民政证明": dossier.cause in (Cause.DISASTER, Cause.ACCIDENT),
        "劳动合同": dossier.farmer_worker,
        "残疾证": dossier.disabled,
        "低保证明": dossier.certificate == Certificate.SUBSISTENCE or bool(dossier.subsistence_amount),
        "婚姻状况证明": dossier.marital_status in ("离异", "丧偶"),
    }
    return frozenset([*NEEDED, *(kind for kind, wanted in asked.items() if wanted)])


def add_evidence(*, by: Person, dossier: Dossier, kind: str, upload: UploadedFile) -> Attachment:
    """Check, encrypt and keep a file of one of the known types."""
    require(by, "dossier.evidence", dossier)
    if kind not in KINDS:
        raise Refused("请选择材料类型。", "从列表里选一项再上传。", status=422, act="dossier.evidence", obj=dossier)
    return attachments.attach(by=by, union=dossier.union, owner=dossier, kind=kind, upload=upload)


@transaction.atomic
def open_evidence(*, by: Person, dossier: Dossier, attachment: Attachment) -> Attachment:
    """Write the audit row of a look into one file and return it for the download."""
    require(by, ACT, dossier)
    if not works_on(by, dossier):
        raise Refused("这份档案不由您的岗位办理，不能下载材料。", "请联系建档工会。", status=403, act=ACT, obj=dossier)
    if not looked_at(by, dossier):
        raise Refused(
            "下载材料前要先写明用途。",
            "请在档案页选择用途、写事由，按“查看完整信息”后再下载（一小时内有效）。",
            act=ACT,
            obj=dossier,
        )
    audit.record(
        act=ACT, by=by, union=dossier.union, obj=dossier, fields=["evidence"], detail={"attachment": attachment.pk}
    )
    return attachment
