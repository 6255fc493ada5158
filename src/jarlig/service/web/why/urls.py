"""The address of the rules."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.why import views

urlpatterns: list[URLPattern] = [path("", views.show, name="why")]
