"""Addresses of the first page, the board, the roll-up, and of filed figures for an audit."""

from django.urls import URLPattern, path

from reporting.views import auditing, boards, home, rollups

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("board/", boards.board, name="board"),
    path("board/<int:pk>/", boards.board_deliverable, name="board_deliverable"),
    path("submissions/<int:pk>/rollup/", rollups.rollup_page, name="rollup_page"),
    path("submissions/<int:pk>/rollup/note/", rollups.rollup_note, name="rollup_note"),
    path("submissions/<int:pk>/rollup/adjust/", rollups.rollup_adjust, name="rollup_adjust"),
    path("adjustments/<int:pk>/confirm/", rollups.adjustment_confirm, name="adjustment_confirm"),
    path("auditing/filings/", auditing.audit_filings, name="audit_filings"),
    path("auditing/filings/<int:pk>/<str:code>/", auditing.audit_figure, name="audit_figure"),
]
