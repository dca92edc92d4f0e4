"""Addresses of this app."""

from django.urls import path

from unions import views

urlpatterns = [
    path("login/", views.login_page, name="login"),
    path("logout/", views.logout_page, name="logout"),
    path("post/", views.choose_post, name="choose_post"),
    path("password/", views.password_page, name="password"),
    path("unions/", views.union_tree, name="union_tree"),
    path("unions/headcounts/", views.headcounts, name="headcounts"),
    path("unions/<int:pk>/headcounts/<int:number>/", views.headcount_edit, name="headcount_edit"),
    path("audit/", views.audit_trail, name="audit_trail"),
    path("system/", views.integrity_page, name="integrity"),
]
