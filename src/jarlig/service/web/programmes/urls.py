"""Addresses of the public pages of programmes."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.programmes import clauses, measure, offer, views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="programmes"),
    path("<slug:key>/", views.programme, name="programme"),
    path("<slug:key>/measures/<str:number>/", measure.measure, name="programme-measure"),
    path("<slug:key>/offers/<str:offer>/", offer.offer, name="programme-offer"),
    path("<slug:key>/clauses/", clauses.clauses, name="programme-clauses"),
    path("<slug:key>/versions/", clauses.versions, name="programme-versions"),
    path("<slug:key>/handbook/", clauses.handbook, name="programme-handbook"),
]
