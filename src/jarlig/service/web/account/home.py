"""The page of one's own account (我的账号)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jarlig.service.bodies.acts.change_factor import has_factor
from jarlig.service.web.screens import screen


@screen(None)
def show(request: HttpRequest) -> HttpResponse:
    """Name, login, seats, and what can be changed."""
    return render(request, "account/home.html", {"account": request.user, "factor": has_factor(request.user)})
