"""Addresses of exports: order, progress, download, receipts."""

from django.urls import URLPattern, path

from reporting.views import bundles

urlpatterns: list[URLPattern] = [
    path("campaigns/<int:pk>/exports/", bundles.bundle_page, name="bundle_page"),
    path("exports/", bundles.bundle_list, name="bundle_list"),
    path("exports/<int:pk>/", bundles.bundle_job, name="bundle_job"),
    path("exports/<int:pk>/file/", bundles.bundle_file, name="bundle_file"),
    path("exports/<int:pk>/again/", bundles.bundle_again, name="bundle_again"),
    path("submissions/<int:pk>/rounds/<int:number>/receipt.pdf", bundles.round_receipt, name="round_receipt"),
]
