"""Addresses of check and estimate; none of them carries a code or an answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.estimate import answers, keeping, results, start

urlpatterns: list[URLPattern] = [
    path("", start.index, name="estimate"),
    path("begin/<slug:key>/", start.begin, name="estimate-begin"),
    path("next/", answers.onward, name="estimate-next"),
    path("questions/<str:topic>/", answers.question, name="estimate-question"),
    path("questions/<str:topic>/forget/", answers.forget, name="estimate-forget"),
    path("answers/", answers.index, name="estimate-answers"),
    path("again/", answers.again, name="estimate-again"),
    path("today/", answers.on_today, name="estimate-today"),
    path("result/", results.index, name="estimate-result"),
    path("result/<str:offer>/", results.sum_of, name="estimate-sum"),
    path("save/", keeping.save, name="estimate-save"),
    path("resume/", keeping.resume, name="estimate-resume"),
    path("delete/", keeping.delete, name="estimate-delete"),
]
