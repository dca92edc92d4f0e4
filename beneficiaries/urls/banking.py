"""Addresses of bank files, their results and layouts; no personal data in any of them."""

from django.urls import URLPattern, path

from beneficiaries.views import bank_files, bank_profiles, bank_results

urlpatterns: list[URLPattern] = [
    path("banking/", bank_files.bank_file_list, name="bank_file_list"),
    path("banking/new/", bank_files.bank_file_new, name="bank_file_new"),
    path("banking/profiles/", bank_profiles.bank_profile_list, name="bank_profile_list"),
    path("banking/profiles/new/<slug:key>/", bank_profiles.bank_profile_new, name="bank_profile_new"),
    path("banking/profiles/<int:pk>/", bank_profiles.bank_profile, name="bank_profile"),
    path("banking/profiles/<int:pk>/retire/", bank_profiles.bank_profile_retire, name="bank_profile_retire"),
    path("banking/results/<int:pk>/", bank_results.bank_result, name="bank_result"),
    path("banking/<int:pk>/", bank_files.bank_file, name="bank_file"),
    path("banking/<int:pk>/take/", bank_files.bank_file_take, name="bank_file_take"),
    path("banking/<int:pk>/check/", bank_results.bank_file_check, name="bank_file_check"),
    path("banking/<int:pk>/copy/", bank_files.bank_file_copy, name="bank_file_copy"),
    path("banking/<int:pk>/result/", bank_results.bank_result_read, name="bank_result_read"),
]
