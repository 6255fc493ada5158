"""People of an enterprise (企业人员): appointing who asked, ending a place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.enterprises import queries
from jarlig.service.enterprises.acts.appoint_agent import appoint_agent
from jarlig.service.enterprises.acts.end_membership import end_membership
from jarlig.service.web.enterprise.answering import attempt
from jarlig.service.web.enterprise.forms import AppointForm, ReasonForm
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


def _member(_request: HttpRequest, enterprise: UUID, member: UUID) -> Any:
    return queries.member_of(queries.my_enterprise(enterprise), member)


@screen("appoint_agent", thing=_member)
def appoint(request: HttpRequest, enterprise: UUID, member: UUID) -> HttpResponse:
    """Gives somebody who asked a place."""
    one = _member(request, enterprise, member)
    back = reverse("enterprise-page", args=[enterprise])
    form = AppointForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: appoint_agent(
        one, form.cleaned_data["role"], mandate=form.cleaned_data["mandate"], ends_on=form.cleaned_data["ends_on"]
    )):  # fmt: skip
        return HttpResponseRedirect(back)
    return render_form(
        request, form, title=_("Appoint %(name)s") % {"name": one.name}, back=back, button=_("Appoint"),
        intro=_("From now on this person speaks for the enterprise. Make sure it is who you think."),
    )  # fmt: skip


@screen("end_membership", thing=_member)
def end(request: HttpRequest, enterprise: UUID, member: UUID) -> HttpResponse:
    """Ends somebody's place, or turns down who asked, with a reason."""
    one = _member(request, enterprise, member)
    back = reverse("enterprise-page", args=[enterprise])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(request, form, lambda: end_membership(one, form.cleaned_data["reason"])):
        return HttpResponseRedirect(back)
    title = _("Turn down %(name)s") if one.state == "asked" else _("End the place of %(name)s")
    button = _("Turn down the request") if one.state == "asked" else _("End the place")
    return render_form(request, form, title=title % {"name": one.name}, back=back, button=button,
                       intro=_("The person reads the reason."))  # fmt: skip
