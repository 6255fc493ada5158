"""Addresses of stored files."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.files import views

urlpatterns: list[URLPattern] = [
    path("<uuid:file>/", views.serve, name="file"),
    path("<uuid:file>/<str:key>/", views.serve_elsewhere, name="file-elsewhere"),
]
