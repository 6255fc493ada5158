"""Addresses of the policy room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jarlig.service.web.policy import guides, imports, interpretations, recognitions, versions

urlpatterns: list[URLPattern] = [
    path("", versions.index, name="policy"),
    path("import/", imports.bring, name="policy-import"),
    path("imports/<uuid:identity>/", imports.imported, name="policy-imported"),
    path("imports/<uuid:identity>/again/", imports.again, name="policy-import-again"),
    path("windows/<uuid:identity>/close/", guides.shut, name="policy-window-close"),
    path("windows/<uuid:identity>/extend/", guides.extend, name="policy-window-extend"),
    path("routes/<uuid:identity>/in-force/", guides.use_route, name="policy-route-in-force"),
    path("recognitions/<uuid:identity>/end/", recognitions.end, name="policy-recognition-end"),
    path("recognitions/imports/<uuid:identity>/", recognitions.imported, name="policy-recognition-import"),
    path(
        "recognitions/imports/<uuid:identity>/answered.xlsx", recognitions.answered, name="policy-recognition-answered"
    ),
    path("<slug:key>/", versions.programme, name="policy-programme"),
    path("<slug:key>/import/", imports.bring_version, name="policy-import-version"),
    path("<slug:key>/versions/<int:number>/", versions.version, name="policy-version"),
    path("<slug:key>/versions/<int:number>/in-force/", versions.put, name="policy-version-in-force"),
    path("<slug:key>/versions/<int:number>/take-back/", versions.take_back, name="policy-version-take-back"),
    path("<slug:key>/versions/<int:number>/against/<int:other>/", versions.compare, name="policy-compare"),
    path("<slug:key>/interpretations/", interpretations.log, name="policy-interpretations"),
    path("<slug:key>/interpretations/new/", interpretations.write, name="policy-interpret"),
    path("<slug:key>/interpretations/<int:number>/confirm/", interpretations.confirm, name="policy-confirm"),
    path("<slug:key>/guides/<int:year>/", guides.guide, name="policy-guide"),
    path("<slug:key>/guides/<int:year>/windows/new/", guides.new_window, name="policy-window-open"),
    path("<slug:key>/guides/<int:year>/routes/new/", guides.new_route, name="policy-route-new"),
    path("<slug:key>/recognitions/", recognitions.register, name="policy-recognitions"),
    path("<slug:key>/recognitions/new/", recognitions.new, name="policy-recognise"),
    path("<slug:key>/recognitions/import/", recognitions.bring, name="policy-recognitions-import"),
    path("<slug:key>/recognitions/empty.xlsx", recognitions.empty, name="policy-recognitions-empty"),
    path("<slug:key>/recognitions/register.xlsx", recognitions.download, name="policy-recognitions-register"),
]
