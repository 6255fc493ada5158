"""The page that shows every component in every state (部件页), for those who build screens and those who check them."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jarlig.service.web import gallery, samples
from jarlig.service.web.context import fill
from jarlig.service.web.forms import one_more, render_form, without_judging
from jarlig.service.web.tables import InMemory, View, keep_view, render_table

COOKIE = "components_views"
MOST = 8


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Everything on one page; changing the seat there changes nothing."""
    if request.method == "POST":
        return redirect("components")
    fill(request, **samples.frame(request.path), htmx=True)
    return render(request, "components.html", gallery.everything())


def form(request: HttpRequest) -> HttpResponse:
    """A form with every kind of field; sending it empty shows every kind of error."""
    fill(request, **samples.frame(request.path))
    sent = request.POST if request.method == "POST" else None
    longer = None if sent is None else one_more(sent, "lines")
    data = sent if longer is None else longer
    shown = samples.SampleForm(data, request.FILES or None, initial=samples.filled())
    lines = samples.Lines(data, prefix="lines", initial=samples.filled_lines())
    if longer is not None:
        without_judging(shown, lines)
    elif data is not None and all([shown.is_valid(), lines.is_valid()]):
        return redirect("components")
    return render_form(
        request,
        shown,
        title=samples.both("每一种填写项", "Every kind of field"),
        caption=samples.both("部件", "Components"),
        back="/components/",
        formsets=(lines,),
        template="components_form.html",
    )


def table(request: HttpRequest) -> HttpResponse:
    """A table with filters, order, columns, saved views, pages and acts on chosen rows."""
    declared, views = samples.queue(), kept_by(request)
    if request.method == "POST":
        if "act" in request.POST:
            return redirect("components-table")
        response = redirect(request.path + keep_view(declared, views, request.POST))
        kept = [[view.name, view.query] for view in views.list(declared.key)][-MOST:]
        response.set_cookie(COOKIE, signing.dumps(kept), samesite="Lax", httponly=True, secure=settings.HTTPS)
        return response
    fill(request, **samples.frame(request.path))
    state = declared.state(request.GET)
    return render_table(
        request,
        state,
        samples.queue_rows(state),
        title=samples.both("审核队列", "Queue"),
        caption=samples.both("示例机关 · 审核岗", "Sample office · reviewer"),
        tabs=samples.tabs(),
        views=views,
        save_to=request.path,
        export="/components/table/",
        note=samples.both(
            "时限按工作日计；补正期间暂停。",
            "Time limits are in working days; they stand still while a correction is awaited.",
        ),
    )


def kept_by(request: HttpRequest) -> InMemory:
    """The sample views of this reader, who keeps them in a cookie: nobody else sees what one has typed."""
    views = InMemory()
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return views
    for name, query in kept:
        views.save(samples.queue().key, View(name, query))
    return views
