"""Addresses of the public pages of programmes."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.programmes import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="programmes"),
    path("<slug:key>/", views.programme, name="programme"),
]
