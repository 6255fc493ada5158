"""Coming back later (保存与继续): a code to write down, to type again, and to delete everything by."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_client_ip
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.estimates import codes
from jarlig.service.estimates.acts.delete_estimate import delete_estimate
from jarlig.service.estimates.acts.keep_answers import keep_answers
from jarlig.service.estimates.acts.resume_estimate import resume_estimate
from jarlig.service.estimates.queries import Estimate
from jarlig.service.ground.errors import Refused
from jarlig.service.web.context import fill
from jarlig.service.web.estimate.answers import crumbs, shared
from jarlig.service.web.estimate.browser import closed, kept_by_no_cache, on_estimate, opened
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


class CodeForm(forms.Form):
    """The code that was written down."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=codes.MOST_TYPED, help_text=gettext_lazy(
            "26 letters and figures. Blanks, hyphens and capitals make no difference."
        ),
        widget=forms.TextInput({
            "class": "govuk-input--width-30", "autocomplete": "off", "spellcheck": "false",
            "autocapitalize": "characters",
        }),
    )  # fmt: skip


@on_estimate
def save(request: HttpRequest, one: Estimate) -> HttpResponse:
    """Says how to come back; sent, it shows the code, which stands on no other page and in no address."""
    fill(request, crumbs=crumbs(_("Save and come back later")))
    code = ""
    if request.method == "POST":
        keep_answers(one, one.interview)  # 30 days begin now
        code = codes.shown(one.code)
    return render(request, "estimate/save.html", {**shared(one), "code": code})


@screen(None, public=True)
@kept_by_no_cache
def resume(request: HttpRequest) -> HttpResponse:
    """Goes on with an estimate by its code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = resume_estimate(form.cleaned_data["code"], get_client_ip(request) or "")
        except Refused as error:
            form.add_error("code", str(error))
        else:
            onward = "estimate-result" if found.interview.enough() else "estimate-next"
            return opened(HttpResponseRedirect(reverse(onward)), found.code)
    fill(request, crumbs=crumbs(_("Go on with an estimate")))
    return render_form(
        request, form, title=_("Go on with an estimate"), button=_("Go on"),
        intro=_("Type the code that you wrote down. It is good for 30 days after the last answer."),
    )  # fmt: skip


@on_estimate
def delete(request: HttpRequest, one: Estimate) -> HttpResponse:
    """Asks once more; sent, everything is gone."""
    if request.method == "POST":
        delete_estimate(one.code)
        return closed(render(request, "estimate/deleted.html"))
    fill(request, crumbs=crumbs(_("Delete this estimate")))
    return render(request, "estimate/delete.html", shared(one))
