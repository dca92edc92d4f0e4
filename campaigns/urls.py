"""Addresses of this app."""

from django.urls import path

from campaigns.views import activities, allocations, campaigns, dates, donations, ledger, notices, steps

EDIT = "campaigns/<int:pk>/edit/"
NOTICE = "campaigns/<int:pk>/notice/"

urlpatterns = [
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path(f"{EDIT}settings/", campaigns.campaign_settings, name="campaign_settings"),
    path(f"{EDIT}text/", steps.campaign_notice, name="campaign_notice"),
    path(f"{EDIT}text/files/", steps.notice_attachment_add, name="notice_attachment_add"),
    path(
        f"{EDIT}text/files/<int:attachment_id>/remove/", steps.notice_attachment_remove, name="notice_attachment_remove"
    ),
    path(f"{EDIT}dates/", dates.campaign_dates, name="campaign_dates"),
    path(f"{EDIT}dates/new/", dates.campaign_deliverable_new, name="campaign_deliverable_new"),
    path(f"{EDIT}dates/<slug:key>/", dates.campaign_deliverable, name="campaign_deliverable"),
    path(f"{EDIT}dates/<slug:key>/remove/", dates.campaign_deliverable_remove, name="campaign_deliverable_remove"),
    path(f"{EDIT}scope/", dates.campaign_scope, name="campaign_scope"),
    path(f"{EDIT}preview/", steps.campaign_preview, name="campaign_preview"),
    path(f"{EDIT}propose/", steps.campaign_propose, name="campaign_propose"),
    path(f"{EDIT}withdraw/", steps.campaign_withdraw, name="campaign_withdraw"),
    path("campaigns/<int:pk>/", notices.notice_current, name="campaign_detail"),
    path("campaigns/<int:pk>/reissue/", notices.campaign_reissue, name="campaign_reissue"),
    path(NOTICE, notices.notice_current, name="notice"),
    path(f"{NOTICE}<int:number>/", notices.notice_version, name="notice_version"),
    path(f"{NOTICE}<int:number>/acknowledge/", notices.notice_acknowledge, name="notice_acknowledge"),
    path(f"{NOTICE}<int:number>/document.pdf", notices.notice_document, name="notice_document"),
    path(f"{NOTICE}<int:number>/files/<int:attachment_id>/", notices.notice_attachment, name="notice_attachment"),
    path("funds/", ledger.funds, name="funds"),
    path("funds/new/", ledger.funds_new, name="funds_new"),
    path("funds/<int:pk>/reverse/", ledger.funds_reverse, name="funds_reverse"),
    path("funds/<int:pk>/voucher/", ledger.funds_voucher_add, name="funds_voucher_add"),
    path("funds/<int:pk>/voucher/<int:attachment_id>/", ledger.funds_voucher, name="funds_voucher"),
    path("funds/balances/", ledger.fund_balances, name="fund_balances"),
    path("funds/allocations/", allocations.allocations, name="allocations"),
    path("funds/allocations/new/", allocations.allocation_new, name="allocation_new"),
    path("funds/allocations/return/", allocations.allocation_return, name="allocation_return"),
    path("funds/allocations/<int:pk>/confirm/", allocations.allocation_confirm, name="allocation_confirm"),
    path("funds/allocations/<int:pk>/reverse/", allocations.allocation_reverse, name="allocation_reverse"),
    path("funds/donations/", donations.donations, name="donations"),
    path("funds/donations/new/", donations.donation_new, name="donation_new"),
    path("funds/donations/<int:pk>/reverse/", donations.donation_reverse, name="donation_reverse"),
    path("funds/remittances/", donations.remittances, name="remittances"),
    path("funds/remittances/new/", donations.remittance_new, name="remittance_new"),
    path("funds/remittances/<int:pk>/reverse/", donations.remittance_reverse, name="remittance_reverse"),
    path("funds/remittances/<int:pk>/slip/", donations.remittance_slip_add, name="remittance_slip_add"),
    path("funds/remittances/<int:pk>/slip/<int:attachment_id>/", donations.remittance_slip, name="remittance_slip"),
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activities.activity_new, name="activity_new"),
    path("activities/<int:pk>/", activities.activity_change, name="activity_change"),
    path("activities/<int:pk>/void/", activities.activity_void, name="activity_void"),
]
