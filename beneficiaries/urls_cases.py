"""Addresses of what goes on around files: public lists. The public one carries an unguessable key and no login."""

from django.urls import URLPattern, path

from beneficiaries.views import public_lists

urlpatterns: list[URLPattern] = [
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
