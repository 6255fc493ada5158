"""Addresses of applications."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.apply import answers, checking, computed, files, mine, papers, rows, sent

urlpatterns: list[URLPattern] = [
    path("", mine.mine, name="apply"),
    path("begin/<uuid:enterprise>/", mine.begin, name="apply-begin"),
    path("files/<uuid:file>/", files.file, name="apply-file"),
    path("files/<uuid:file>/add/", files.add, name="apply-add"),
    path("files/<uuid:file>/shared/", answers.shared, name="apply-shared"),
    path("files/<uuid:file>/awards/", answers.history, name="apply-history"),
    path("claims/<uuid:claim>/", sent.claim, name="apply-claim"),
    path("claims/<uuid:claim>/drop/", files.drop, name="apply-drop"),
    path("claims/<uuid:claim>/answers/", answers.own, name="apply-answers"),
    path("claims/<uuid:claim>/rows/<str:fact>/", rows.rows, name="apply-rows"),
    path("claims/<uuid:claim>/rows/<str:fact>/paste/", rows.paste, name="apply-rows-paste"),
    path("claims/<uuid:claim>/rows/<str:fact>/empty.xlsx", rows.empty, name="apply-rows-empty"),
    path("claims/<uuid:claim>/rows/<str:fact>/new/", rows.new, name="apply-row-new"),
    path("claims/<uuid:claim>/rows/<str:fact>/<int:number>/", rows.row, name="apply-row"),
    path("claims/<uuid:claim>/documents/", papers.papers, name="apply-documents"),
    path("claims/<uuid:claim>/computed/", computed.computed, name="apply-computed"),
    path("claims/<uuid:claim>/check/", checking.check, name="apply-check"),
    path("claims/<uuid:claim>/withdraw/", sent.withdraw, name="apply-withdraw"),
    path("submissions/<uuid:submission>/", sent.receipt, name="apply-receipt"),
]
