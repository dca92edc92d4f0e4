"""Addresses of this app."""

from django.urls import path

from unions import views
from unions.imports import views as imports
from unions.listings import views as listings
from unions.staff import views as staff

urlpatterns = [
    path("login/", views.login_page, name="login"),
    path("logout/", views.logout_page, name="logout"),
    path("post/", views.choose_post, name="choose_post"),
    path("password/", views.password_page, name="password"),
    path("unions/", views.union_tree, name="union_tree"),
    path("unions/headcounts/", views.headcounts, name="headcounts"),
    path("unions/<int:pk>/headcounts/<int:number>/", views.headcount_edit, name="headcount_edit"),
    path("audit/", views.audit_trail, name="audit_trail"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/<slug:kind>/", imports.import_new, name="import_new"),
    path("imports/new/<slug:kind>/template.xlsx", imports.import_template, name="import_template"),
    path("imports/<int:pk>/", imports.import_job, name="import_job"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/again/", imports.import_again, name="import_again"),
    path("imports/<int:pk>/marked.xlsx", imports.import_marked, name="import_marked"),
    path("lists/", listings.list_exports, name="list_exports"),
    path("lists/new/<slug:kind>/", listings.list_export_new, name="list_export_new"),
    path("lists/<int:pk>/", listings.list_export, name="list_export"),
    path("lists/<int:pk>/confirm/", listings.list_export_confirm, name="list_export_confirm"),
    path("lists/<int:pk>/refuse/", listings.list_export_refuse, name="list_export_refuse"),
    path("lists/<int:pk>/again/", listings.list_export_again, name="list_export_again"),
    path("lists/<int:pk>/file.xlsx", listings.list_export_file, name="list_export_file"),
    path("staff/", staff.staff_accounts, name="staff_accounts"),
    path("staff/new/", staff.account_new, name="account_new"),
    path("staff/<int:pk>/close/", staff.account_close, name="account_close"),
    path("staff/<int:pk>/open/", staff.account_open, name="account_open"),
    path("staff/posts/new/", staff.post_new, name="post_new"),
    path("staff/posts/<int:pk>/end/", staff.post_end, name="post_end"),
    path("staff/passwords/<int:pk>/", staff.password_letters, name="password_letters"),
    path("system/", views.integrity_page, name="integrity"),
]
