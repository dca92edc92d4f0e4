"""Every address of the site, app by app."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    # An app is added here when its urls module exists, highest last:
    # path("", include("unions.urls")),
    # path("", include("campaigns.urls")),
    # path("", include("beneficiaries.urls")),
    # path("", include("reporting.urls")),
]

# Own error pages with the request id, written in unions:
# handler400 = "unions.errors.bad_request"
# handler403 = "unions.errors.refused"
# handler404 = "unions.errors.not_found"
# handler500 = "unions.errors.server_error"
