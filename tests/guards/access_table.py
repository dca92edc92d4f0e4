"""The access table, written by hand: every address, who may open it, who may act on it, and for whom it does not exist.

It does not read the acts of the product: a wrong row there shows up as a difference here. All rows speak about the small
world of `tests/guards/world.py`, whose records belong to the mill.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MILL = "clerk reviewer approver cashier"
COUNTY = "county_clerk county_reviewer county_approver county_cashier"
ABOVE = "city_reviewer province_approver organiser auditor"
LINE = f"{MILL} {COUNTY} {ABOVE}"
"""Who works at the mill or on the line above it."""
BUSINESS = f"{LINE} school_clerk stranger"
ADMINS = "system_admin security_admin audit_admin"
EVERYBODY = f"{BUSINESS} {ADMINS}"

ENTERERS = "clerk county_clerk school_clerk stranger"
IMPORTERS = f"{ENTERERS} system_admin security_admin"
REVIEWERS = "reviewer county_reviewer city_reviewer stranger"
APPROVERS = "approver county_approver province_approver"
PAYERS = "cashier county_cashier"
SENT_AND_ABOVE, RECEIVERS = "clerk cashier county_clerk county_cashier", "county_clerk county_cashier"
"""Who works at the union that sends a remittance or at the one that confirms it; who confirms."""
OPENERS, IN_DRIVE = f"{ENTERERS} organiser", "clerk county_clerk school_clerk organiser"
CASE = f"{ENTERERS} {REVIEWERS} {APPROVERS}"
"""Roles that work on cases; with cashiers and auditors they read them."""
READERS = f"{CASE} {PAYERS} auditor"
ADDRESSED = f"{LINE} school_clerk"
"""Whom the published campaign reaches."""


@dataclass(frozen=True)
class Row:
    """One address.

    `role`: who holds a role that the page is for, everybody else gets 403. `reach`: for whom the object exists, the others
    with the role get 404; None when the page has no object. `may`: whose POST may change something; the POST of anybody
    else changes nothing. `shown`: the status of the page for those inside.
    """

    name: str
    methods: str
    role: str
    reach: str | None = None
    may: str = ""
    of: dict[str, str] = field(default_factory=dict)
    query: str = ""
    shown: tuple[int, ...] = (200,)
    public: bool = False


def _of(row: str, **more: str) -> dict[str, str]:
    return {"pk": row, **more}


UNIONS = [
    Row("login", "GET POST", EVERYBODY, may=EVERYBODY, shown=(302,), public=True),
    Row("logout", "POST", EVERYBODY, may=EVERYBODY),
    Row("choose_post", "POST", EVERYBODY),
    Row("password", "GET POST", EVERYBODY),
    Row("union_tree", "GET", EVERYBODY),
    Row("import_list", "GET", IMPORTERS),
    Row("import_new", "GET POST", ENTERERS, of={"kind": "=funds"}),
    Row("import_template", "GET", ENTERERS, of={"kind": "=activities"}),
    Row("import_job", "GET", IMPORTERS, "clerk", "", _of("import")),
    Row("import_confirm", "POST", IMPORTERS, "clerk", "clerk", _of("import")),
    Row("import_again", "POST", IMPORTERS, "clerk", "clerk", _of("import")),
    Row("import_marked", "GET", IMPORTERS, "clerk", "", _of("bad_import")),
    Row("list_exports", "GET", EVERYBODY),
    Row("list_export_new", "GET POST", EVERYBODY, of={"kind": "=unions"}),
    Row("list_export", "GET", EVERYBODY, "clerk", "", _of("list_export")),
    Row("list_export_confirm", "POST", APPROVERS, "approver", "approver", _of("waiting_export")),
    Row("list_export_refuse", "POST", APPROVERS, "approver", "approver", _of("waiting_export")),
    Row("list_export_again", "POST", EVERYBODY, "clerk", "clerk", _of("list_export")),
    Row("list_export_file", "POST", EVERYBODY, "clerk", "clerk", _of("list_export")),
    Row("headcounts", "GET", f"{BUSINESS} system_admin"),
    Row(
        "headcount_edit",
        "GET POST",
        f"{ENTERERS} system_admin",
        "clerk county_clerk system_admin",
        "clerk county_clerk system_admin",
        _of("mill", number="=2024"),
    ),
    Row("staff_accounts", "GET", "system_admin security_admin"),
    Row("account_new", "GET POST", "system_admin"),
    Row("account_close", "POST", "system_admin", "system_admin", "system_admin", _of("account")),
    Row("account_open", "POST", "system_admin", "system_admin", "system_admin", _of("closed_account")),
    Row("post_new", "GET POST", "security_admin"),
    Row("post_end", "POST", "security_admin", "security_admin", "security_admin", _of("post")),
    Row("password_letters", "GET POST", "system_admin", "system_admin", "", _of("mill")),
    Row("audit_trail", "GET", "auditor audit_admin"),
    Row("integrity", "GET POST", "system_admin audit_admin", may="system_admin audit_admin"),
]

DRAFT, ORGANISERS = _of("draft_campaign"), "organiser"
NOTICE = _of("campaign", number="=1")
CAMPAIGNS = [
    Row("campaigns", "GET", BUSINESS),
    Row("campaign_new", "GET POST", ORGANISERS),
    Row("campaign_detail", "GET", BUSINESS, ADDRESSED, "", _of("campaign")),
    Row("campaign_settings", "GET POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row("campaign_notice", "GET POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row("notice_attachment_add", "POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row(
        "notice_attachment_remove",
        "POST",
        ORGANISERS,
        ORGANISERS,
        ORGANISERS,
        {**DRAFT, "attachment_id": "draft_notice_file"},
    ),
    Row("campaign_dates", "GET", ORGANISERS, ORGANISERS, "", DRAFT, shown=(302,)),
    Row("campaign_deliverable_new", "GET POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row("campaign_deliverable", "GET POST", ORGANISERS, ORGANISERS, ORGANISERS, {**DRAFT, "key": "=form"}),
    Row("campaign_deliverable_remove", "POST", ORGANISERS, ORGANISERS, ORGANISERS, {**DRAFT, "key": "=form"}),
    Row("campaign_scope", "GET POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row("campaign_preview", "GET", BUSINESS, "organiser province_approver", "", DRAFT),
    Row("campaign_propose", "POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row("campaign_withdraw", "POST", f"{ORGANISERS} {APPROVERS}", "organiser province_approver", "", DRAFT),
    Row("campaign_reissue", "POST", ORGANISERS, ORGANISERS, ORGANISERS, _of("campaign")),
    Row("notice", "GET", BUSINESS, ADDRESSED, "", _of("campaign"), shown=(200, 302)),
    Row("notice_version", "GET", BUSINESS, ADDRESSED, "", NOTICE),
    Row(
        "notice_acknowledge",
        "POST",
        ENTERERS,
        "clerk county_clerk school_clerk",
        "clerk county_clerk school_clerk",
        NOTICE,
    ),
    Row("notice_document", "GET", BUSINESS, ADDRESSED, "", NOTICE),
    Row("notice_attachment", "GET", BUSINESS, ADDRESSED, "", {**NOTICE, "attachment_id": "notice_file"}),
    Row("funds", "GET", BUSINESS),
    Row("funds_new", "GET POST", ENTERERS),
    Row("funds_reverse", "GET POST", ENTERERS, "clerk county_clerk", "clerk", _of("funds"), shown=(200, 403)),
    Row("funds_voucher_add", "GET POST", ENTERERS, "clerk county_clerk", "clerk", _of("funds"), shown=(200, 403)),
    Row("funds_voucher", "GET", BUSINESS, LINE, "", _of("funds", attachment_id="voucher")),
    Row("fund_statement", "GET", BUSINESS),
    Row("fund_statement_rows", "GET", BUSINESS, query="?column=paid"),
    Row("fund_rules", "GET", BUSINESS),
    Row("fund_rule_new", "GET POST", ORGANISERS, of={"key": "=cap_per_contact"}),
    Row("fund_rule_detail", "GET", BUSINESS, BUSINESS, "", _of("rule")),
    Row(
        "fund_rule_confirm",
        "POST",
        f"{ORGANISERS} {APPROVERS}",
        f"{ORGANISERS} {APPROVERS}",
        "province_approver",
        _of("rule"),
    ),
    Row(
        "fund_rule_withdraw",
        "POST",
        f"{ORGANISERS} {APPROVERS}",
        f"{ORGANISERS} {APPROVERS}",
        "organiser province_approver",
        _of("rule"),
    ),
    Row("fund_balances", "GET", BUSINESS),
    Row("allocations", "GET", BUSINESS),
    Row("allocation_new", "GET POST", ENTERERS),
    Row("allocation_return", "GET POST", ENTERERS),
    Row(
        "allocation_confirm",
        "GET POST",
        f"{ENTERERS} {PAYERS}",
        "clerk cashier county_clerk county_cashier",
        "clerk cashier",
        _of("allocation"),
        shown=(200, 403),
    ),
    Row(
        "allocation_reverse",
        "GET POST",
        ENTERERS,
        "clerk county_clerk",
        "county_clerk",
        _of("allocation"),
        shown=(200, 403),
    ),
    Row("donations", "GET", BUSINESS),
    Row("donation_new", "GET POST", ENTERERS),
    Row("donation_reverse", "GET POST", ENTERERS, "clerk county_clerk", "clerk", _of("donation"), shown=(200, 403)),
    Row("remittances", "GET", BUSINESS),
    Row("remittance_new", "GET POST", ENTERERS),
    Row("remittance_reverse", "GET POST", ENTERERS, "clerk county_clerk", "clerk", _of("remittance"), shown=(200, 403)),
    Row(
        "remittance_slip_add", "GET POST", ENTERERS, "clerk county_clerk", "clerk", _of("remittance"), shown=(200, 403)
    ),
    Row("remittance_slip", "GET", BUSINESS, LINE, "", _of("remittance", attachment_id="slip")),
    Row(
        "remittance_confirm",
        "GET POST",
        f"{ENTERERS} {PAYERS}",
        SENT_AND_ABOVE,
        RECEIVERS,
        _of("remittance"),
        shown=(200, 403),
    ),
    Row(
        "remittance_return",
        "GET POST",
        f"{ENTERERS} {PAYERS}",
        SENT_AND_ABOVE,
        RECEIVERS,
        _of("remittance"),
        shown=(200, 403),
    ),
    Row("remittance_resubmit", "POST", ENTERERS, "clerk county_clerk", "clerk", _of("returned")),
    Row("drives", "GET", BUSINESS),
    Row("drive_new", "GET POST", OPENERS),
    Row("drive", "GET", BUSINESS, f"{LINE} school_clerk", "", _of("drive"), shown=(200, 302)),
    Row("drive_change", "GET POST", OPENERS, IN_DRIVE, "county_clerk", _of("drive"), shown=(200, 403)),
    Row("drive_close", "POST", OPENERS, IN_DRIVE, "county_clerk", _of("drive")),
    Row("drive_reopen", "POST", OPENERS, IN_DRIVE, "county_clerk", _of("drive")),
    Row("drive_retain", "GET POST", ENTERERS, "clerk county_clerk school_clerk", "", _of("drive")),
    Row(
        "drive_nothing",
        "POST",
        ENTERERS,
        "clerk county_clerk school_clerk",
        "clerk county_clerk school_clerk",
        _of("drive"),
    ),
    Row("drive_union", "GET", BUSINESS, LINE, "", _of("drive", union_id="mill")),
    Row("activities", "GET", BUSINESS),
    Row("activity_new", "GET POST", ENTERERS),
    Row("activity_change", "GET POST", BUSINESS, LINE, "clerk", _of("activity")),
    Row("activity_void", "POST", ENTERERS, "clerk county_clerk", "clerk", _of("activity")),
]

CASE_OF_MILL, KEEPER = "clerk reviewer approver", "clerk"
DOSSIER, STEP = _of("dossier"), _of("dossier", step="=review")
BENEFICIARIES = [
    Row("dossier_list", "GET", READERS),
    Row("dossier_search", "POST", READERS),
    Row("dossier_new", "GET POST", ENTERERS),
    Row("standards", "GET POST", f"{CASE} organiser"),
    Row("dossier_detail", "GET", READERS, MILL, "", DOSSIER),
    Row("dossier_edit", "GET POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("dossier_assess", "GET POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("class_rule_adopt", "POST", f"{APPROVERS} organiser"),
    Row("dossier_pairings", "GET POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("pairing_end", "GET POST", ENTERERS, KEEPER, KEEPER, {**DOSSIER, "number": "pairing"}),
    Row("dossier_changes", "GET", READERS, MILL, "", DOSSIER),
    Row("dossier_step", "POST", READERS, MILL, "", STEP),
    Row("dossier_return", "POST", READERS, MILL, "", DOSSIER),
    Row("dossier_close", "GET POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("dossier_transfer", "GET POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("dossier_reopen", "GET POST", ENTERERS, KEEPER, "", DOSSIER),
    Row("dossier_requests", "GET", f"{ENTERERS} {REVIEWERS}"),
    Row("move_answer", "POST", ENTERERS, "clerk school_clerk", "clerk", _of("move")),
    Row("move_withdraw", "POST", ENTERERS, "clerk school_clerk", "school_clerk", _of("move")),
    Row("claim_answer", "POST", REVIEWERS, "county_reviewer", "county_reviewer", _of("claim")),
    Row("dossier_review", "GET POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("check_lists", "GET", f"{REVIEWERS} {APPROVERS}"),
    Row("check_draw", "POST", REVIEWERS),
    Row("check_list", "GET", f"{REVIEWERS} {APPROVERS}", "reviewer approver", "", _of("check")),
    Row("check_record", "POST", REVIEWERS, "reviewer", "reviewer", _of("check_item")),
    Row("visit_today", "GET", ENTERERS),
    Row("visit_plan", "GET POST", ENTERERS),
    Row("visit_plan_cancel", "POST", ENTERERS, KEEPER, KEEPER, _of("visit_plan")),
    Row("public_list", "GET", EVERYBODY, of={"key": "public_key"}, public=True),
    Row("public_lists", "GET", CASE),
    Row("public_list_new", "GET POST", ENTERERS, of={"kind": "=dossiers"}),
    Row("public_list_detail", "GET", CASE, CASE_OF_MILL, "", _of("public_list")),
    Row("public_list_pdf", "GET", CASE, CASE_OF_MILL, "", _of("public_list")),
    Row("public_list_publish", "POST", APPROVERS, "approver", "approver", _of("public_list")),
    Row(
        "public_list_withdraw",
        "POST",
        f"{ENTERERS} {APPROVERS}",
        "clerk approver",
        "clerk approver",
        _of("public_list"),
    ),
    Row("public_list_post", "POST", ENTERERS, "clerk", "clerk", _of("public_list")),
    Row("objection_new", "POST", ENTERERS, "clerk", "clerk", _of("public_list")),
    Row("objection_decide", "POST", CASE, CASE_OF_MILL, CASE_OF_MILL, _of("objection")),
    Row("household_unmask", "POST", CASE, CASE_OF_MILL, CASE_OF_MILL, DOSSIER),
    Row("dossier_sheet", "POST", CASE, CASE_OF_MILL, CASE_OF_MILL, {**DOSSIER, "kind": "=xlsx"}),
    Row("evidence_add", "POST", ENTERERS, KEEPER, KEEPER, DOSSIER),
    Row("evidence_download", "POST", CASE, CASE_OF_MILL, CASE_OF_MILL, {**DOSSIER, "attachment": "evidence"}),
    Row("visit_list", "GET", READERS),
    Row("visit_household", "GET POST", ENTERERS),
    Row("visit_enterprise", "GET POST", ENTERERS),
    Row("visit_photos", "GET", READERS, MILL, "", _of("visit")),
    Row("visit_photo_add", "POST", ENTERERS, KEEPER, KEEPER, _of("visit")),
    Row("visit_photo_take", "POST", CASE, CASE_OF_MILL, CASE_OF_MILL, _of("visit", attachment="photo")),
    Row("visit_photo_remove", "POST", ENTERERS, KEEPER, KEEPER, _of("visit", attachment="photo")),
    Row("visit_void", "POST", ENTERERS, KEEPER, KEEPER, _of("visit")),
    Row("payout_list", "GET", READERS),
    Row("payout_new", "GET POST", ENTERERS),
    Row("payout_step", "GET POST", READERS, of={"step": "=review"}, shown=(200, 302, 403, 422)),
    Row("payout_detail", "GET", READERS, MILL, "", _of("payout")),
    Row("payout_edit", "GET POST", ENTERERS, KEEPER, KEEPER, _of("draft_payout")),
    Row("payout_delete", "POST", ENTERERS, KEEPER, KEEPER, _of("draft_payout")),
    Row("payout_fail", "POST", PAYERS, "cashier", "", _of("payout")),
    Row("payout_reverse", "POST", PAYERS, "cashier", "", _of("payout")),
    Row("payout_reversal_confirm", "POST", APPROVERS, "approver", "approver", _of("payout")),
    Row("payout_reversal_refuse", "POST", APPROVERS, "approver", "approver", _of("payout")),
    Row("payout_invoice", "POST", f"{ENTERERS} {PAYERS}", "clerk cashier", "clerk cashier", _of("goods_payout")),
    Row("payout_invoice_scan", "GET", READERS, MILL, "", _of("goods_payout", invoice="goods_invoice")),
    Row("dossier_payouts", "GET", READERS, MILL, "", DOSSIER),
    Row("batch_list", "GET", READERS),
    Row("batch_new", "GET POST", ENTERERS),
    Row("batch_detail", "GET", READERS, MILL, "", _of("batch")),
    Row("batch_head", "POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_terms", "POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_amounts", "POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_drop", "POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_delete", "POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_households", "GET POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_paste_rows", "GET POST", ENTERERS, KEEPER, KEEPER, _of("batch")),
    Row("batch_step", "GET POST", READERS, MILL, "", _of("batch", step="=plan")),
    Row("batch_paper", "POST", READERS, MILL, MILL, _of("batch", key="=list", kind="=xlsx")),
    Row("batch_paper_job", "GET", READERS, "cashier", "", _of("paper_job")),
    Row("batch_paper_file", "POST", READERS, "cashier", "cashier", _of("paper_job")),
    Row("batch_sign", "POST", PAYERS, "cashier", "cashier", _of("signed_batch")),
    Row("batch_scan", "GET", READERS, MILL, "", _of("signed_batch", attachment="signed_scan"), shown=(200, 403)),
    Row("batch_invoice", "POST", f"{ENTERERS} {PAYERS}", "clerk cashier", "clerk cashier", _of("signed_batch")),
    Row("payout_proxy", "GET POST", PAYERS, "cashier", "cashier", _of("signed_payout")),
    Row("threshold_list", "GET POST", READERS, may=APPROVERS),
    Row("threshold_end", "POST", APPROVERS, "approver", "approver", _of("threshold")),
    Row("bank_file_list", "GET", f"{PAYERS} auditor"),
    Row("bank_file_new", "GET POST", PAYERS, shown=(200, 422)),
    Row("bank_file", "GET", f"{PAYERS} auditor", "cashier", "", _of("bank_file")),
    Row("bank_file_take", "POST", PAYERS, "cashier", "cashier", _of("bank_file")),
    Row("bank_file_check", "POST", f"{PAYERS} auditor", "cashier", "", _of("bank_file")),
    Row("bank_file_copy", "POST", PAYERS, "cashier", "", _of("bank_file")),
    Row("bank_result_read", "POST", PAYERS, "cashier", "", _of("bank_file")),
    Row("bank_result", "GET POST", PAYERS, "cashier", "", _of("bank_result")),
    Row("bank_profile_list", "GET", PAYERS),
    Row("bank_profile_new", "GET POST", PAYERS, of={"key": "=generic"}),
    Row("bank_profile", "GET POST", PAYERS, "cashier", "", _of("bank_profile")),
    Row("bank_profile_retire", "POST", PAYERS, "cashier", "cashier", _of("bank_profile")),
    Row("audit_desk", "GET", "auditor"),
    Row("audit_gaps", "GET", "auditor"),
    Row("audit_lines", "GET", "auditor", of={"kind": "=paid"}),
]

FORM_DRAFT = _of("form_draft")
FILING, REPORT = _of("submission"), _of("report")
COUNTY_FILING, COUNTY_LINE = _of("county_filing"), f"{COUNTY} {ABOVE}"
BUNDLE, BUNDLERS = _of("bundle"), f"{ENTERERS} {REVIEWERS} {APPROVERS} organiser auditor"
BUNDLED = "clerk county_clerk school_clerk reviewer county_reviewer city_reviewer approver county_approver province_approver organiser auditor"
LINE_ENTER_REVIEW = "clerk reviewer county_clerk county_reviewer city_reviewer"
REPORTING = [
    Row("home", "GET", EVERYBODY),
    Row("board", "GET", f"{REVIEWERS} {APPROVERS} organiser auditor"),
    Row(
        "board_deliverable",
        "GET",
        f"{REVIEWERS} {APPROVERS} organiser auditor",
        "county_reviewer county_approver city_reviewer province_approver organiser auditor",
        "",
        _of("deliverable"),
    ),
    Row("rollup_page", "GET", BUSINESS, COUNTY_LINE, "", COUNTY_FILING, shown=(200, 302, 404)),
    Row("rollup_note", "POST", ENTERERS, "county_clerk", "county_clerk", COUNTY_FILING),
    Row(
        "rollup_adjust",
        "POST",
        f"{ENTERERS} {REVIEWERS}",
        "county_clerk county_reviewer city_reviewer",
        "",
        COUNTY_FILING,
    ),
    Row(
        "adjustment_confirm",
        "POST",
        f"{REVIEWERS} {APPROVERS}",
        "county_reviewer county_approver city_reviewer province_approver",
        "county_reviewer county_approver",
        _of("adjustment"),
    ),
    Row("bundle_page", "GET POST", BUNDLERS, BUNDLED, BUNDLED, _of("campaign")),
    Row("bundle_list", "GET", BUNDLERS),
    Row("bundle_job", "GET", BUNDLERS, "county_reviewer", "", BUNDLE),
    Row("bundle_file", "GET", BUNDLERS, "county_reviewer", "", BUNDLE),
    Row("bundle_again", "POST", BUNDLERS, "county_reviewer", "", BUNDLE),
    Row("round_receipt", "GET", BUSINESS, LINE, "", {**FILING, "number": "=1"}),
    Row("submission_list", "GET", BUSINESS),
    Row("submission_page", "GET POST", BUSINESS, LINE, KEEPER, FILING, shown=(200, 302)),
    Row("form_upload", "GET POST", ENTERERS),
    Row("form_template", "GET", ENTERERS, "clerk county_clerk", KEEPER, FILING, shown=(200, 403, 409)),
    Row("figures_upload", "POST", ENTERERS, "clerk county_clerk", KEEPER, FILING),
    Row("figures_map", "POST", ENTERERS, "clerk county_clerk", KEEPER, FILING),
    Row("figures_take", "POST", ENTERERS, "clerk county_clerk", KEEPER, FILING),
    Row("submission_nil", "POST", ENTERERS, "clerk county_clerk", KEEPER, FILING),
    Row("submission_withdraw", "POST", ENTERERS, "clerk county_clerk", "", FILING),
    Row("figure_restore", "POST", ENTERERS, "clerk county_clerk", KEEPER, {**FILING, "code": "=G"}),
    Row("figure_page", "GET", BUSINESS, LINE, "", {**FILING, "code": "=G"}),
    Row("form_export", "GET", BUSINESS, LINE, "", {**FILING, "fmt": "=json"}),
    Row("report_attach", "POST", ENTERERS, "clerk county_clerk", KEEPER, REPORT),
    Row("report_file", "GET", BUSINESS, MILL, "", {**REPORT, "file": "report_file"}),
    Row("report_detach", "POST", ENTERERS, "clerk county_clerk", KEEPER, {**REPORT, "file": "report_file"}),
    Row("review_page", "GET POST", BUSINESS, LINE, "", FILING),
    Row("check_waive", "POST", REVIEWERS, "reviewer county_reviewer city_reviewer", "", FILING),
    Row("history_page", "GET", BUSINESS, LINE, "", FILING),
    Row(
        "comment_answer",
        "POST",
        f"{ENTERERS} {REVIEWERS}",
        LINE_ENTER_REVIEW,
        LINE_ENTER_REVIEW,
        {**FILING, "comment": "comment"},
    ),
    Row("campaign_forms", "GET POST", ORGANISERS, ORGANISERS, ORGANISERS, DRAFT),
    Row(
        "campaign_publish", "POST", f"{ORGANISERS} {APPROVERS}", "organiser province_approver", "", _of("draft_notice")
    ),
    Row("designer_list", "GET POST", ORGANISERS),
    Row("designer_page", "GET", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_save", "POST", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_check", "POST", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_recognise", "POST", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_preview", "POST", ORGANISERS, ORGANISERS, "", {**FORM_DRAFT, "fmt": "=page"}),
    Row("designer_pdf", "GET", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_enable", "POST", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_abandon", "POST", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("designer_export", "GET", ORGANISERS, ORGANISERS, "", FORM_DRAFT),
    Row("audit_filings", "GET", "auditor"),
    Row("audit_figure", "GET", "auditor", "auditor", "", {**FILING, "code": "=B"}),
    Row("form_list", "GET", BUSINESS),
    Row("form_file", "GET", BUSINESS, BUSINESS, "", _of("form")),
    Row("form_page", "GET", BUSINESS, BUSINESS, "", _of("form")),
    Row("form_blank", "GET", BUSINESS, BUSINESS, "", _of("form", fmt="=xlsx")),
]

ROWS: list[Row] = [*UNIONS, *CAMPAIGNS, *BENEFICIARIES, *REPORTING]
PEOPLE: tuple[str, ...] = tuple(EVERYBODY.split())
