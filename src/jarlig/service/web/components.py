"""The page that shows every component in every state (部件页), for those who build screens and those who check them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jarlig.service.web import gallery, samples
from jarlig.service.web.context import fill
from jarlig.service.web.forms import formset, one_more, render_form
from jarlig.service.web.tables import InMemory, keep_view, render_table

VIEWS = InMemory()


@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    fill(request, **samples.frame(request.path), htmx=True)
    return render(request, "components.html", gallery.everything())


def form(request: HttpRequest) -> HttpResponse:
    """A form with every kind of field; sending it empty shows every kind of error."""
    fill(request, **samples.frame(request.path))
    data = request.POST if request.method == "POST" else None
    longer = one_more(data, "lines") if data is not None else None
    shown = samples.SampleForm(
        None if longer is not None else data,
        request.FILES or None,
        initial=dict(longer.items()) if longer else samples.filled(),
    )
    lines = samples.Lines(
        longer if longer is not None else data,
        prefix="lines",
        initial=[{"what": samples.both("服务器", "Server"), "sum": 119029731}],
    )
    if data is not None and longer is None and shown.is_valid() and lines.is_valid():
        return redirect("components")
    return render_form(
        request,
        shown,
        title=samples.both("每一种填写项", "Every kind of field"),
        caption=samples.both("部件", "Components"),
        back="/components/",
        template="components_form.html",
        lines=lines,
        draw_lines=formset,
    )


def table(request: HttpRequest) -> HttpResponse:
    """A table with filters, order, columns, saved views, pages and acts on chosen rows."""
    declared = samples.queue()
    if request.method == "POST":
        if "act" in request.POST:
            return redirect("components-table")
        return redirect(request.path + keep_view(declared, VIEWS, request.POST))
    fill(request, **samples.frame(request.path))
    state = declared.state(request.GET)
    return render_table(
        request,
        state,
        samples.queue_rows(state),
        title=samples.both("审核队列", "Queue"),
        caption=samples.both("示例机关 · 审核岗", "Sample office · reviewer"),
        tabs=samples.tabs(),
        views=VIEWS,
        save_to=request.path,
        export="/components/table/",
        note=samples.both(
            "时限按工作日计；补正期间暂停。",
            "Time limits are in working days; they stand still while a correction is awaited.",
        ),
    )
