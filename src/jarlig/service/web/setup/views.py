"""Setting up (初始化): the region, its first body and the first administrator."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_client_ip
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies import attempts, codes
from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.bodies.setup_code import is_empty
from jarlig.service.ground.errors import Refused
from jarlig.service.web.account.adapter import TOO_MANY
from jarlig.service.web.account.forms import SetUpForm
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


@screen(None, public=True)
def begin(request: HttpRequest) -> HttpResponse:
    """Asks for everything at once, with the code that the server printed; there is no such page afterwards."""
    if not is_empty():
        raise Http404
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _found(request, form):
        return HttpResponseRedirect(reverse("account_login"))
    return render_form(
        request, form, title=_("Set up this installation"), button=_("Set up"),
        intro=_("You become the first administrator. This page is gone afterwards."),
    )  # fmt: skip


def _found(request: HttpRequest, form: SetUpForm) -> bool:
    said, address = form.cleaned_data, get_client_ip(request) or ""
    if not attempts.begin("setup", address):
        form.add_error("code", TOO_MANY)
        return False
    try:
        codes.find("setup", said["code"])
    except Refused:
        attempts.failed(address)
        form.add_error("code", _("This is not the code that the server printed, or it is older than a week."))
        return False
    attempts.succeeded("setup")
    founder = Founder(said["name"], said["login"], said["password"], said["email"])
    try:
        found(said["region"], said["division"], said["body"], founder)
    except Refused as error:
        form.add_error(error.field or None, str(error))
        return False
    codes.use("setup", said["code"])
    return True
