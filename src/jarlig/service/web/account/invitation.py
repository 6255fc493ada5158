"""Invitations (邀请): written by an administrator, opened once by who is invited."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies.acts.accept_invitation import accept_invitation, invited
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.codes import hash_of
from jarlig.service.ground.errors import Invalid
from jarlig.service.web.account.forms import InvitedForm, InviteForm
from jarlig.service.web.account.oidc import INVITATION, ways
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen

#: Where the session of an administrator keeps the link until it was shown.
_LINK = "invitation_link"


@screen("invite")
def write(request: HttpRequest) -> HttpResponse:
    """Asks whom to invite, and shows the link once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, code = invite(**form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            show_once(request, str(person.name), code, form.cleaned_data["email"])
            return HttpResponseRedirect(reverse("account_invited"))
    return render_form(
        request, form, title=_("Invite somebody"), button=_("Make the link"),
        intro=_("They get an account without a password, and a link by which they choose one within seven days."
                " Give them a seat afterwards."),
    )  # fmt: skip


def show_once(request: HttpRequest, name: str, code: str, email: str) -> None:
    """Keeps the link of a code to be shown once on the next page, and sends it where mail can be sent."""
    link = request.build_absolute_uri(reverse("account_invitation", kwargs={"code": code}))
    sent = bool(settings.MAIL and email)
    if sent:
        words = _("%(name)s, you are invited. Choose your password here within seven days: %(link)s")
        send_mail(_("Your invitation"), words % {"name": name, "link": link}, None, [email])
    request.session[_LINK] = {"name": name, "link": link, "email": email if sent else ""}


@screen("invite")
def written(request: HttpRequest) -> HttpResponse:
    """Shows the link; whoever opens this page again does not see it."""
    return render(request, "account/invited.html", {"made": request.session.pop(_LINK, None)})


@screen(None, public=True)
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Shows for whom the link is; a password that is sent uses it up."""
    account = invited(code)
    form = InvitedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(code, form.cleaned_data["password"])
        except Invalid as error:
            form.add_error("password", str(error))
        else:
            request.session.flush()  # whoever sat here before is signed out
            return HttpResponseRedirect(reverse("account_login"))
    if request.method == "GET":
        request.session[INVITATION] = hash_of(code).hex()
    return render_form(
        request, form, title=_("Welcome, %(name)s") % {"name": account.person.name}, button=_("Keep this password"),
        intro=_("Your login is %(login)s. Choose a password.") % {"login": account.login},
        template="account/invitation.html", ways=ways(),
    )  # fmt: skip
