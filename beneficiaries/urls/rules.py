"""Addresses of the rules about money and of the statement of funds."""

from django.urls import path

from beneficiaries.views import fund_statement, rules

urlpatterns = [
    path("funds/statement/", fund_statement.fund_statement, name="fund_statement"),
    path("funds/statement/rows/", fund_statement.fund_statement_rows, name="fund_statement_rows"),
    path("rules/", rules.fund_rules, name="fund_rules"),
    path("rules/new/<slug:key>/", rules.fund_rule_new, name="fund_rule_new"),
    path("rules/<int:pk>/", rules.fund_rule_detail, name="fund_rule_detail"),
    path("rules/<int:pk>/confirm/", rules.fund_rule_confirm, name="fund_rule_confirm"),
    path("rules/<int:pk>/withdraw/", rules.fund_rule_withdraw, name="fund_rule_withdraw"),
]
