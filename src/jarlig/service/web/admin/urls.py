"""Addresses of the administration."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from jarlig.service.web.admin import acts, areas, bodies, calendar, jobs, overview, people, seats, texts
from jarlig.service.web.nav import ITEMS

ITEMS += [
    (gettext_lazy("Administration"), "admin-overview", "see_administration"),
    (gettext_lazy("My seat"), "admin-my-seat", "make_deputy"),
]

urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="admin-overview"),
    path("areas/", areas.areas, name="admin-areas"),
    path("areas/trees/", areas.trees, name="admin-area-trees"),
    path("areas/import/", areas.bring, name="admin-area-import"),
    path("areas/<uuid:key>/", areas.area, name="admin-area"),
    path("areas/<uuid:key>/change/", areas.change, name="admin-area-change"),
    path("areas/<uuid:key>/add/", areas.add, name="admin-area-add"),
    path("bodies/", bodies.bodies, name="admin-bodies"),
    path("bodies/new/", bodies.new, name="admin-body-new"),
    path("bodies/<uuid:key>/", bodies.body, name="admin-body"),
    path("bodies/<uuid:key>/change/", bodies.change, name="admin-body-change"),
    path("bodies/<uuid:key>/close/", bodies.close, name="admin-body-close"),
    path("people/", people.people, name="admin-people"),
    path("people/appoint/", people.appoint, name="admin-appoint"),
    path("people/<uuid:key>/", people.person, name="admin-person"),
    path("people/<uuid:key>/link/", people.invite_again, name="admin-invite-again"),
    path("people/<uuid:key>/factor/", people.reset_factor, name="admin-reset-factor"),
    path("people/<uuid:key>/leave/", people.leave, name="admin-leave"),
    path("people/<uuid:key>/come-back/", people.come_back, name="admin-come-back"),
    path("seats/mine/", seats.mine, name="admin-my-seat"),
    path("seats/<uuid:key>/", seats.seat, name="admin-seat"),
    path("seats/<uuid:key>/end/", seats.end, name="admin-seat-end"),
    path("seats/<uuid:key>/claims/", seats.claims, name="admin-seat-claims"),
    path("seats/<uuid:key>/deputy/", seats.deputy, name="admin-deputy-new"),
    path("deputies/<uuid:key>/end/", seats.end_deputy, name="admin-deputy-end"),
    path("calendar/", calendar.calendars, name="admin-calendars"),
    path("calendar/import/", calendar.bring, name="admin-calendar-import"),
    path("calendar/<uuid:key>/", calendar.calendar, name="admin-calendar"),
    path("calendar/<uuid:key>/in-force/", calendar.put_in_force, name="admin-calendar-in-force"),
    path("calendar/<uuid:key>/discard/", calendar.discard, name="admin-calendar-discard"),
    path("texts/", texts.texts, name="admin-texts"),
    path("texts/<uuid:key>/in-force/", texts.put_in_force, name="admin-text-in-force"),
    path("texts/<uuid:key>/discard/", texts.discard, name="admin-text-discard"),
    path("texts/<str:key>/", texts.text, name="admin-text"),
    path("texts/<str:key>/<str:language>/", texts.write, name="admin-text-write"),
    path("acts/", acts.acts, name="admin-acts"),
    path("acts/export.xlsx", acts.export, {"kind": "xlsx"}, name="admin-acts-xlsx"),
    path("acts/export.json", acts.export, {"kind": "json"}, name="admin-acts-json"),
    path("acts/<uuid:key>/", acts.act, name="admin-act"),
    path("jobs/", jobs.jobs, name="admin-jobs"),
    path("jobs/<int:key>/retry/", jobs.retry, name="admin-job-retry"),
    path("storage/", jobs.storage, name="admin-storage"),
]
