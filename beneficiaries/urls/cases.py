"""Addresses of what goes on around files: yearly reviews, plans of visits and public lists. The public one carries an unguessable key and no login."""

from django.urls import URLPattern, path

from beneficiaries.views import public_lists, reviews, visits

urlpatterns: list[URLPattern] = [
    path("dossiers/<int:pk>/review/", reviews.dossier_review, name="dossier_review"),
    path("dossiers/checks/", reviews.check_lists, name="check_lists"),
    path("dossiers/checks/draw/", reviews.check_draw, name="check_draw"),
    path("dossiers/checks/<int:pk>/", reviews.check_list, name="check_list"),
    path("dossiers/checks/items/<int:pk>/", reviews.check_record, name="check_record"),
    path("visits/today/", visits.visit_today, name="visit_today"),
    path("visits/plan/", visits.visit_plan, name="visit_plan"),
    path("visits/plan/<int:pk>/cancel/", visits.visit_plan_cancel, name="visit_plan_cancel"),
    path("open/<slug:key>/", public_lists.public_list, name="public_list"),
    path("public-lists/", public_lists.public_lists, name="public_lists"),
    path("public-lists/new/<slug:kind>/", public_lists.public_list_new, name="public_list_new"),
    path("public-lists/<int:pk>/", public_lists.public_list_detail, name="public_list_detail"),
    path("public-lists/<int:pk>/pdf/", public_lists.public_list_pdf, name="public_list_pdf"),
    path("public-lists/<int:pk>/publish/", public_lists.public_list_publish, name="public_list_publish"),
    path("public-lists/<int:pk>/withdraw/", public_lists.public_list_withdraw, name="public_list_withdraw"),
    path("public-lists/<int:pk>/post/", public_lists.public_list_post, name="public_list_post"),
    path("public-lists/<int:pk>/objections/", public_lists.objection_new, name="objection_new"),
    path("public-lists/objections/<int:pk>/decide/", public_lists.objection_decide, name="objection_decide"),
]
