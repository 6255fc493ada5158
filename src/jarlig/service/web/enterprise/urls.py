"""Addresses of an enterprise's people."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.enterprise import accounts, people, views

urlpatterns: list[URLPattern] = [
    path("", views.mine, name="enterprise"),
    path("register/", views.register, name="enterprise-register"),
    path("place/<uuid:place>/", views.place, name="enterprise-place"),
    path("place/<uuid:place>/leave/", views.leave, name="enterprise-leave"),
    path("<uuid:enterprise>/", views.enterprise, name="enterprise-page"),
    path("<uuid:enterprise>/name/", views.rename, name="enterprise-rename"),
    path("<uuid:enterprise>/people/<uuid:member>/", people.appoint, name="enterprise-appoint"),
    path("<uuid:enterprise>/people/<uuid:member>/end/", people.end, name="enterprise-end"),
    path("<uuid:enterprise>/account/", accounts.add, name="enterprise-account-add"),
    path("<uuid:enterprise>/account/<uuid:account>/", accounts.confirm, name="enterprise-account"),
    path("<uuid:enterprise>/account/<uuid:account>/refuse/", accounts.refuse, name="enterprise-account-refuse"),
    path("<uuid:enterprise>/account/<uuid:account>/retire/", accounts.retire, name="enterprise-account-retire"),
]
