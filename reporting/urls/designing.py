"""Addresses of the form designer."""

from django.urls import path

from reporting.views import designing, form_versions, previewing

urlpatterns = [
    path("forms/<int:pk>/form.json", form_versions.form_file, name="form_file"),
    path("forms/designer/", designing.designer_list, name="designer_list"),
    path("forms/designer/<int:pk>/", designing.designer_page, name="designer_page"),
    path("forms/designer/<int:pk>/save/", designing.designer_save, name="designer_save"),
    path("forms/designer/<int:pk>/check/", designing.designer_check, name="designer_check"),
    path("forms/designer/<int:pk>/recognise/", designing.designer_recognise, name="designer_recognise"),
    path("forms/designer/<int:pk>/preview/<str:fmt>/", previewing.designer_preview, name="designer_preview"),
    path("forms/designer/<int:pk>/form.pdf", previewing.designer_pdf, name="designer_pdf"),
    path("forms/designer/<int:pk>/enable/", designing.designer_enable, name="designer_enable"),
    path("forms/designer/<int:pk>/abandon/", designing.designer_abandon, name="designer_abandon"),
    path("forms/designer/<int:pk>/export.json", designing.designer_export, name="designer_export"),
]
