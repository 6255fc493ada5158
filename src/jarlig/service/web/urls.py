"""Addresses of the screens that belong to no room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web import components, language

urlpatterns: list[URLPattern] = [
    path("language/", language.choose, name="language"),
    path("components/", components.show, name="components"),
    path("components/form/", components.form, name="components-form"),
    path("components/table/", components.table, name="components-table"),
]
