"""Addresses of the sign-in; names are those by which allauth knows them."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.account import seat, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("seat/", seat.change, name="account_seat"),
]
