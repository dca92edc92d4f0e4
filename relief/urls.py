"""Every address of the site, app by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("unions.urls")),
    path("", include("campaigns.urls")),
    path("", include("beneficiaries.urls")),
    path("", include("reporting.urls")),
]

handler400 = "unions.errors.bad_request"
handler403 = "unions.errors.refused"
handler404 = "unions.errors.not_found"
handler500 = "unions.errors.server_error"
