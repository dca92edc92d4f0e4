"""Addresses of the rules about money and of the yearly statement of funds."""

from django.urls import path

from beneficiaries.views import rules

urlpatterns = [
    path("rules/", rules.fund_rules, name="fund_rules"),
    path("rules/new/<slug:key>/", rules.fund_rule_new, name="fund_rule_new"),
    path("rules/<int:pk>/", rules.fund_rule_detail, name="fund_rule_detail"),
    path("rules/<int:pk>/confirm/", rules.fund_rule_confirm, name="fund_rule_confirm"),
    path("rules/<int:pk>/withdraw/", rules.fund_rule_withdraw, name="fund_rule_withdraw"),
]
