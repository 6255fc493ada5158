"""Addresses of the site: each room of screens has its own file."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from jarlig.service.web.programmes.how import how
from jarlig.service.web.programmes.views import front

handler400 = "jarlig.service.web.errors.bad_request"
handler403 = "jarlig.service.web.errors.forbidden"
handler404 = "jarlig.service.web.errors.not_found"
handler429 = "jarlig.service.web.errors.too_many"
handler500 = "jarlig.service.web.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front, name="front"),
    path("", include("jarlig.service.web.urls")),
    path("how/", how, name="how"),
    path("setup/", include("jarlig.service.web.setup.urls")),
    path("why/", include("jarlig.service.web.why.urls")),
    path("account/", include("jarlig.service.web.account.urls")),
    path("admin/", include("jarlig.service.web.admin.urls")),
    path("files/", include("jarlig.service.web.files.urls")),
    path("enterprise/", include("jarlig.service.web.enterprise.urls")),
    path("apply/", include("jarlig.service.web.apply.urls")),
    path("workbench/", include("jarlig.service.web.workbench.urls")),
    path("programmes/", include("jarlig.service.web.programmes.urls")),
    path("estimate/", include("jarlig.service.web.estimate.urls")),
    path("policy/", include("jarlig.service.web.policy.urls")),
]
