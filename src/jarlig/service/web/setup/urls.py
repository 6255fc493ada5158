"""The address of the set-up."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.setup import views

urlpatterns: list[URLPattern] = [path("", views.begin, name="setup")]
