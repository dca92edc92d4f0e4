"""A small world with one of everything, kept by the mill: what the crawl and the canary search walk through."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries import actions as household_actions
from beneficiaries.actions import bank_profiles, banking
from beneficiaries.actions import rules as rule_actions
from beneficiaries.banking import Control, Matched, shipped
from beneficiaries.models import Dossier, Payout, PayoutReversal, SubsistenceStandard
from campaigns import actions as campaign_actions
from campaigns.models import Allocation
from relief.lib import clock, idnumber
from reporting import actions, designing, formstore
from reporting.actions import bundling
from reporting.bundles.asking import Asked, BundleKind
from reporting.models import Comment, FormVersion, Submission
from tests import keeping
from tests.beneficiaries import households
from tests.campaigns import stage
from tests.campaigns.drive import collect, open_drive, remit
from tests.campaigns.importing import desk as import_desk
from tests.cast import Cast
from tests.guards import world_batches, world_cases
from tests.reporting.conftest import Published, publish
from unions import actions as union_actions
from unions import attachments
from unions.actions import listings as listing_actions
from unions.actions import staff as staff_actions
from unions.idempotency import new_key
from unions.listings import listing_of
from unions.models import ListExport

DAY = datetime.date(2024, 1, 20)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
CARD = "6222029999000011118"
RECIPIENT_ID = idnumber.make("999902", datetime.date(1971, 4, 9), 7)


@dataclass
class World:
    """The cast, and the rows of the mill by the name that the access table calls them."""

    cast: Cast
    published: Published
    rows: dict[str, Any] = field(default_factory=dict)

    def arguments(self, of: dict[str, str]) -> dict[str, Any]:
        """The arguments of an address: `=text` stands for itself, any other word for the id of a row."""
        return {name: word[1:] if word.startswith("=") else self.rows[word].pk for name, word in of.items()}


def upload(name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def build(cast: Cast) -> World:
    """The world, made through the product's own actions; once per process, then copied."""
    return replace(keeping.once("guards", lambda: _build(cast)), cast=cast)


def _build(cast: Cast) -> World:
    formstore.load_forms()
    form = FormVersion.objects.get(form_id="shaanxi-2024")
    unions = [cast.city, cast.county, cast.mill, cast.school, cast.museum]
    world = World(cast, publish(cast, form_version=form, unions=unions))
    world.rows |= {"form": form, "mill": cast.mill}
    _campaigns(world)
    _form_draft(world)
    _households(world)
    _money(world)
    _payouts(world)
    world_batches.add(world.cast, world.published.campaign, world.rows)
    _banking(world)
    _rule(world)
    _filings(world)
    _imports(world)
    _list_exports(world)
    _staff(world)
    world_cases.add(cast, world.rows)
    return world


def _campaigns(world: World) -> None:
    cast, rows = world.cast, world.rows
    rows["campaign"] = world.published.campaign
    rows["notice"] = world.published.campaign.notices.get()
    rows["draft_notice"] = stage.make_draft(cast)
    rows["draft_campaign"] = rows["draft_notice"].campaign
    for name in ("notice", "draft_notice"):
        rows[f"{name}_file"] = attachments.attach(
            by=cast.organiser, union=cast.province, owner=rows[name], upload=upload(), kind="附件"
        )


def _form_draft(world: World) -> None:
    cast = world.cast
    raw = designing.as_new_version(world.rows["form"].spec, 2)
    world.rows["form_draft"] = actions.create_draft(by=cast.organiser, union=cast.province, raw=raw)


def _households(world: World) -> None:
    cast, rows = world.cast, world.rows
    SubsistenceStandard.objects.create(union=cast.province, year=2024, monthly=Decimal("780.00"))
    dossier = households.walk(cast, households.draft(cast.clerk, cast.mill))
    rows["dossier"] = dossier
    rows["draft_dossier"] = households.draft(
        cast.clerk, cast.mill, name="魏长河", id_number=households.number(1969, 9), card_number="", bank=""
    )
    rows["evidence"] = household_actions.add_evidence(by=cast.clerk, dossier=dossier, kind="诊断证明", upload=upload())
    rows["pairing"] = household_actions.pair_household(
        by=cast.clerk, dossier=dossier, helper="周结对", valid_from=DAY, phone="0999-1234567"
    )
    rows["visit"] = household_actions.record_visit(
        by=cast.clerk,
        union=cast.mill,
        campaign=world.published.campaign,
        kind="household",
        visited_on=DAY,
        dossier=dossier,
    )


def _money(world: World) -> None:
    cast, rows, campaign = world.cast, world.rows, world.published.campaign
    rows["funds"] = campaign_actions.record_funds(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        source="own_union",
        form="cash",
        amount=Decimal("20000.00"),
        received_on=DAY,
    )
    rows["voucher"] = campaign_actions.attach_voucher(by=cast.clerk, funds=rows["funds"], upload=upload("voucher.pdf"))
    campaign_actions.record_funds(
        by=cast.county_clerk,
        union=cast.county,
        campaign=campaign,
        source="province",
        form="cash",
        amount=Decimal("5000.00"),
        received_on=DAY,
    )
    campaign_actions.record_allocation(
        by=cast.county_clerk,
        giver=cast.county,
        receiver=cast.mill,
        campaign=campaign,
        source="province",
        amount=Decimal("5000.00"),
        allocated_on=DAY,
    )
    rows["allocation"] = Allocation.objects.get()
    (rows["donation"],) = campaign_actions.record_donations(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        kind="joint",
        donated_on=DAY,
        given={"red_cross": (12, Decimal("600.50"))},
    )
    rows["remittance"] = campaign_actions.record_remittance(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        remitted_on=DAY,
        amount=Decimal("600.50"),
        slip_number="HK-0120",
        slip=upload("slip.pdf"),
    )
    rows["slip"] = attachments.of(rows["remittance"]).get()
    _drive(world)
    rows["activity"] = campaign_actions.record_activity(
        by=cast.clerk, union=cast.mill, campaign=campaign, kind="journey_home", held_on=DAY, counts={"contacts": 7}
    )


def _drive(world: World) -> None:
    """A drive of the county: the mill collected for it and sent a remittance that came back."""
    cast, rows = world.cast, world.rows
    rows["drive"] = drive = open_drive(cast)
    collect(cast, drive)
    sent = remit(cast, drive)
    rows["returned"] = campaign_actions.return_remittance(
        by=cast.county_clerk, remittance=sent, version=1, reason="账户没有收到"
    )


def _rule(world: World) -> None:
    world.rows["rule"] = rule_actions.propose_rule(
        by=world.cast.organiser,
        union=world.cast.province,
        key="cap_per_contact",
        campaign=None,
        effect="warn",
        sources=[],
        parameters={"yuan": "3000.00"},
        origin="工发〔2024〕5号第八条",
        issuer="云岭省总工会",
        issued_year=2024,
        valid_from=clock.today(),
    )


def _payout(world: World, recipient: str, number: str) -> Payout:
    return household_actions.draft_payout(
        by=world.cast.clerk,
        union=world.cast.mill,
        campaign=world.published.campaign,
        planned_on=DAY,
        relief_group="festival_duty",
        purpose="relief_visit",
        recipient=recipient,
        id_number=number,
        bank="云岭银行青岬支行",
        card_number=CARD,
        lines=[{"source": "own_union", "route": "card", "amount": Decimal("150.00"), "item": ""}],
    )


def _payouts(world: World) -> None:
    cast, rows = world.cast, world.rows
    rows["draft_payout"] = _payout(world, "孟广田", RECIPIENT_ID)
    paid = _payout(world, "魏建国", idnumber.make("999902", datetime.date(1980, 8, 1), 3))
    walk = (
        (household_actions.plan_payouts, cast.clerk, {}),
        (household_actions.review_payouts, cast.reviewer, {}),
        (household_actions.approve_payouts, cast.approver, {}),
        (household_actions.release_payouts, cast.cashier, {}),
        (household_actions.settle_payouts, cast.cashier, {"paid_on": DAY}),
    )
    for step, by, more in walk:
        now = Payout.objects.get(pk=paid.pk)
        step(by=by, payouts=[(now, now.version)], key=new_key(), **more)
    rows["payout"] = Payout.objects.get(pk=paid.pk)
    household_actions.propose_reversal(
        by=cast.cashier, payout=rows["payout"], reversed_on=clock.today(), reason="重复发放"
    )
    rows["reversal"] = PayoutReversal.objects.get()


def _banking(world: World) -> None:
    """A released payout in a bank file, an answer that is not recorded yet, and an own layout."""
    cast, rows, amount = world.cast, world.rows, Decimal("150.00")
    sent = _payout(world, "贺长青", idnumber.make("999902", datetime.date(1977, 3, 2), 5))
    for step, by in (
        (household_actions.plan_payouts, cast.clerk),
        (household_actions.review_payouts, cast.reviewer),
        (household_actions.approve_payouts, cast.approver),
        (household_actions.release_payouts, cast.cashier),
    ):
        now = Payout.objects.get(pk=sent.pk)
        step(by=by, payouts=[(now, now.version)], key=new_key())
    layout = shipped()["generic"]
    (rows["bank_file"],) = banking.make_bank_files(
        by=cast.cashier, payouts=[sent], layout=layout, count=1, total=amount, key=new_key()
    )
    rows["bank_result"] = banking.keep_result(
        by=cast.cashier,
        bank_file=rows["bank_file"],
        data=b"answer",
        control=Control(1, amount, 1, amount, [Matched(1, "paid")]),
    )
    rows["bank_profile"] = bank_profiles.create_profile(by=cast.cashier, union=cast.mill, layout=layout, subtree=False)


def _filings(world: World) -> None:
    cast, rows = world.cast, world.rows
    submission = world.published.submission(cast.mill)
    actions.hand_in(by=cast.clerk, submission=submission, version=submission.version, key=new_key())
    submission = _fresh(submission)
    submission = actions.open_review(by=cast.county_reviewer, submission=submission, version=submission.version)
    actions.return_submission(
        by=cast.county_reviewer,
        submission=submission,
        version=submission.version,
        reason="请核对返乡人次",
        pins={"G": "与台账不符"},
    )
    rows["submission"] = _fresh(submission)
    rows["deliverable"] = world.published.form
    rows["county_filing"] = world.published.submission(cast.county)
    rows["adjustment"] = actions.propose_adjustment(
        by=cast.county_clerk,
        submission=rows["county_filing"],
        code="G",
        number=3,
        title="漏报补计",
        reason="乡镇补报三人次",
    )
    asked = Asked(BundleKind.FORMS, world.published.campaign.pk, world.published.form.pk, "direct", ("xlsx",))
    rows["bundle"] = bundling.start(
        by=cast.county_reviewer, union=cast.county, campaign=world.published.campaign, asked=asked, title="送温暖统计表"
    )
    bundling.run(rows["bundle"].pk)
    rows["comment"] = Comment.objects.get(code="G")
    rows["report"] = world.published.submission(cast.mill, world.published.report)
    rows["report_file"] = attachments.attach(
        by=cast.clerk, union=cast.mill, owner=rows["report"], upload=upload(), kind="报告附件"
    )


def _imports(world: World) -> None:
    cast, rows = world.cast, world.rows
    rows["import"] = import_desk.checked(
        cast.clerk, cast.mill, "funds", import_desk.FUNDS_HEAD, import_desk.FUNDS, name="good.xlsx"
    )
    bad = [*import_desk.FUNDS[:2], "三百"]
    rows["bad_import"] = import_desk.checked(
        cast.clerk, cast.mill, "funds", import_desk.FUNDS_HEAD, bad, name="bad.xlsx"
    )


def _fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def household_of(world: World) -> Dossier:
    return world.rows["dossier"]


def _staff(world: World) -> None:
    """A login in use with a post, and one that was closed, both of the mill and of nobody in the cast."""
    cast, rows = world.cast, world.rows
    rows["account"] = staff_actions.add_account(by=cast.system_admin, union=cast.mill, name="备用", username="spare")
    rows["post"] = union_actions.grant_post(
        by=cast.security_admin, person=rows["account"].person, union=cast.mill, role="enter"
    )
    closed = staff_actions.add_account(by=cast.system_admin, union=cast.mill, name="离岗", username="gone")
    staff_actions.set_active(by=cast.system_admin, account=closed, active=False)
    rows["closed_account"] = closed


def _list_exports(world: World) -> None:
    """One export that may be fetched, and one that waits for the mill's approver, as if it were of many rows."""
    cast, rows = world.cast, world.rows
    ask = {"by": cast.clerk, "union": cast.mill, "conditions": {}, "full": False, "purpose": "核对本单位名单"}
    rows["list_export"] = listing_actions.ask_export(listing=listing_of("dossiers"), **ask)
    waiting = listing_actions.ask_export(listing=listing_of("payouts"), **ask)
    ListExport.objects.filter(pk=waiting.pk).update(state="waiting", confirm_union=cast.mill, expires_at=None)
    rows["waiting_export"] = ListExport.objects.get(pk=waiting.pk)
