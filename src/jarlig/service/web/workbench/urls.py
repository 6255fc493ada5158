"""Addresses of the receiver's workbench for enterprises."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.workbench import claims, disputes, endings, letters, papers

urlpatterns: list[URLPattern] = [
    path("claims/", claims.claims, name="workbench-claims"),
    path("claims/<uuid:claim>/", claims.claim, name="workbench-claim"),
    path("letters/", letters.queue, name="workbench-letters"),
    path("letters/<uuid:letter>/", letters.accept, name="workbench-letter"),
    path("letters/<uuid:letter>/refuse/", letters.refuse, name="workbench-letter-refuse"),
    path("letters/<uuid:letter>/dispute/", letters.dispute, name="workbench-letter-dispute"),
    path("disputes/", disputes.queue, name="workbench-disputes"),
    path("disputes/<uuid:dispute>/", disputes.decide, name="workbench-dispute"),
    path("names/", papers.names, name="workbench-names"),
    path("names/<uuid:renaming>/", papers.name, name="workbench-name"),
    path("accounts/", papers.accounts, name="workbench-accounts"),
    path("accounts/<uuid:account>/", papers.account, name="workbench-account"),
    path("accounts/<uuid:account>/refuse/", papers.refuse_account, name="workbench-account-refuse"),
    path("enterprises/", endings.queue, name="workbench-enterprises"),
    path("enterprises/<uuid:enterprise>/close/", endings.close, name="workbench-close"),
    path("enterprises/<uuid:enterprise>/merge/", endings.merge, name="workbench-merge"),
    path("enterprises/<uuid:enterprise>/merge/<uuid:into>/", endings.confirm, name="workbench-merge-confirm"),
]
