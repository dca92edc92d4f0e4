"""Addresses of this app."""

from django.urls import path

from reporting.urls.boards import urlpatterns as boards
from reporting.urls.bundles import urlpatterns as bundles
from reporting.urls.designing import urlpatterns as designer
from reporting.views import figures, filling, form_versions, publishing, reports, reviewing, uploading

urlpatterns = [
    *boards,
    *bundles,
    *designer,
    path("submissions/", filling.submission_list, name="submission_list"),
    path("submissions/<int:pk>/", filling.submission_page, name="submission_page"),
    path("submissions/upload/", uploading.form_upload, name="form_upload"),
    path("submissions/<int:pk>/template.xlsx", uploading.form_template, name="form_template"),
    path("submissions/<int:pk>/upload/", uploading.figures_upload, name="figures_upload"),
    path("submissions/<int:pk>/upload/map/", uploading.figures_map, name="figures_map"),
    path("submissions/<int:pk>/upload/take/", uploading.figures_take, name="figures_take"),
    path("submissions/<int:pk>/nil/", filling.submission_nil, name="submission_nil"),
    path("submissions/<int:pk>/withdraw/", filling.submission_withdraw, name="submission_withdraw"),
    path("submissions/<int:pk>/restore/<str:code>/", filling.figure_restore, name="figure_restore"),
    path("submissions/<int:pk>/figures/<str:code>/", figures.figure_page, name="figure_page"),
    path("submissions/<int:pk>/form.<str:fmt>", figures.form_export, name="form_export"),
    path("submissions/<int:pk>/files/", reports.report_attach, name="report_attach"),
    path("submissions/<int:pk>/files/<int:file>/", reports.report_file, name="report_file"),
    path("submissions/<int:pk>/files/<int:file>/remove/", reports.report_detach, name="report_detach"),
    path("submissions/<int:pk>/review/", reviewing.review_page, name="review_page"),
    path("submissions/<int:pk>/waive/", reviewing.check_waive, name="check_waive"),
    path("submissions/<int:pk>/history/", reviewing.history_page, name="history_page"),
    path("submissions/<int:pk>/comments/<int:comment>/", reviewing.comment_answer, name="comment_answer"),
    path("campaigns/<int:pk>/forms/", publishing.campaign_forms, name="campaign_forms"),
    path("notices/<int:pk>/publish/", publishing.campaign_publish, name="campaign_publish"),
    path("forms/", form_versions.form_list, name="form_list"),
    path("forms/<int:pk>/", form_versions.form_page, name="form_page"),
    path("forms/<int:pk>/blank.<str:fmt>", publishing.form_blank, name="form_blank"),
]
