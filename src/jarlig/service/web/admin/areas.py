"""Areas (地区): a table, both trees beside each other, one area, import, filing offices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.acts.add_area import add_area
from jarlig.service.bodies.acts.change_area import change_area
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.queries import (
    administrative_tree,
    all_areas,
    area_at,
    bodies_of,
    children_of,
    fiscal_tree,
    named,
)
from jarlig.service.web.admin.common import (
    LEVELS,
    WORDS,
    Section,
    Shown,
    area_link,
    attempted,
    body_link,
    go,
    listed,
    sent,
    show,
    to_do,
    within,
)
from jarlig.service.web.context import Link
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table


def _area(request: HttpRequest, key: Any) -> Any:
    return area_at(key)


def _crumb() -> Link:
    return Link(_("Areas"), reverse("admin-areas"))


def _tabs(current: str) -> list[Link]:
    return [
        Link(_("Table"), reverse("admin-areas"), current == "table"),
        Link(_("Administration and treasury"), reverse("admin-area-trees"), current == "trees"),
    ]


@screen(act="see_administration")
def areas(request: HttpRequest) -> HttpResponse:
    """All areas as a table."""
    table = Table(
        key="areas",
        caption=_("Areas"),
        size=50,
        columns=(
            Column("name", _("Name of the area"), "link", sortable=True, head=True),
            Column("division", _("Division code"), sortable=True),
            Column("level", _("Level")),
            Column("under", _("Administered under")),
            Column("paid", _("Paid through")),
            Column("fiscal", _("Addressed by the treasury")),
            Column("english", _("English name"), shown=False),
        ),
        filters=(
            Filter("q", _("Name of the area")),
            Filter("level", _("Level"), tuple((str(words), str(words)) for words in LEVELS.values())),
            Filter("fiscal", _("Addressed by the treasury"), ((_("yes"), _("yes")),)),
        ),
        nothing=_("No areas meet these conditions. The divisions can be imported."),
    )
    rows = [
        {
            "name": Link(named(area), reverse("admin-area", args=[area.pk])),
            "division": area.division,
            "level": str(LEVELS[area.level]),
            "under": named(area.parent) if area.parent else "",
            "paid": named(area.fiscal_parent) if area.fiscal_parent else "",
            "fiscal": _("yes") if area.is_fiscal and area.level != "region" else "",
            "english": area.name_en,
        }
        for area in all_areas()
    ]
    return listed(
        request,
        table,
        rows,
        tabs=_tabs("table"),
        todo=[to_do("import_areas", None, reverse("admin-area-import"))],
        intro=_(
            "Each area belongs to two hierarchies: permissions and statistics follow who administers it, money "
            "follows whom the treasury addresses."
        ),
    )


@screen(act="see_administration")
def trees(request: HttpRequest) -> HttpResponse:
    """Both hierarchies side by side (行政与财政隶属对照)."""
    within(request, _crumb(), Link(_("Administration and treasury"), ""))
    both = (
        (_("By administration"), _("Permissions and statistics follow this hierarchy."), administrative_tree()),
        (_("By the treasury"), _("Quotas and payments follow this hierarchy."), fiscal_tree()),
    )
    return render(request, "admin/trees.html", {"trees": both, "tabs": _tabs("trees"), "named": named})


@screen(act="see_administration")
def area(request: HttpRequest, key: Any) -> HttpResponse:
    """One area: where it lies, what lies under it, its bodies."""
    found = _area(request, key)
    under = children_of(found)
    shown = Shown(
        title=named(found),
        caption=str(LEVELS[found.level]),
        values=[
            (_("Chinese name"), found.name_zh),
            (_("English name"), found.name_en or _("none")),
            (_("Division code"), found.division or _("none")),
            (_("Administered under"), area_link(found.parent) or _("none")),
            (_("Paid through"), area_link(found.fiscal_parent) or _("none")),
            (_("Addressed by the treasury"), _("yes") if found.is_fiscal and found.level != "region" else _("no")),
        ],
        sections=[
            Section(
                _("Bodies"),
                (_("Name of the body"), _("Department"), _("State")),
                [
                    (body_link(body), body.department, WORDS["open" if body.is_active else "closed"])
                    for body in bodies_of(found)
                ],
                _("There is no body here yet."),
            ),
            Section(
                _("Areas under it"),
                (_("Name of the area"), _("Division code"), _("Level")),
                [(area_link(child), child.division, LEVELS[child.level]) for child in under],
            ),
        ],
        todo=[
            to_do("change_area", found, reverse("admin-area-change", args=[found.pk])),
            to_do("make_body", found, reverse("admin-body-new") + f"?area={found.pk}"),
        ],
    )
    if found.level in ("league", "county"):
        shown.todo.insert(1, to_do("add_area", found, reverse("admin-area-add", args=[found.pk])))
    return show(request, shown, _crumb())


class AreaForm(forms.Form):
    """Names, code and money of an area."""

    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120, required=False)
    division = forms.CharField(
        label=gettext_lazy("Division code"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("6, 9 or 12 digits; a filing office may have none."),
    )


class MoneyForm(AreaForm):
    """The same from a seat of the region, which also says whom the treasury addresses."""

    fiscal_parent = forms.ChoiceField(label=gettext_lazy("Paid through"), required=False)
    is_fiscal = forms.BooleanField(label=gettext_lazy("The treasury addresses it directly"), required=False)


@screen(act="change_area", thing=_area)
def change(request: HttpRequest, key: Any) -> HttpResponse:
    """Changes an area."""
    found = _area(request, key)
    money = found.level != "region" and request.seat is not None and request.seat.level == "region"
    initial = {
        "name_zh": found.name_zh,
        "name_en": found.name_en,
        "division": found.division,
        "fiscal_parent": str(found.fiscal_parent_id or ""),
        "is_fiscal": found.is_fiscal,
    }
    form = (MoneyForm if money else AreaForm)(sent(request), initial=initial)
    if money:
        form.fields["fiscal_parent"].choices = [
            (str(other.pk), named(other)) for other in all_areas() if other.pk != found.pk and other.level != "filing"
        ]
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if money and said.get("fiscal_parent"):
            said["fiscal_parent"] = area_at(said["fiscal_parent"])
        elif money:
            said.pop("fiscal_parent")
        if attempted(form, lambda: change_area(found, **said)):
            return go("admin-area", found.pk, done="change_area")
    within(request, _crumb(), Link(named(found), reverse("admin-area", args=[found.pk])), Link(_("Change"), ""))
    return render_form(request, form, title=_("Change an area"), caption=named(found), button=_("Save"))


@screen(act="add_area", thing=_area)
def add(request: HttpRequest, key: Any) -> HttpResponse:
    """Adds a filing office under an area."""
    under = _area(request, key)
    form = AreaForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = attempted(form, lambda: add_area(under, **form.cleaned_data))
        if made:
            return go("admin-area", made.pk, done="add_area")
    within(request, _crumb(), area_crumb(under), Link(_("Add a filing office"), ""))
    return render_form(
        request,
        form,
        title=_("Add a filing office"),
        caption=named(under),
        button=_("Add"),
        intro=_(
            "Where papers go in that is no division of its own, such as a development zone. Its money comes "
            "through the area it lies under."
        ),
    )


def area_crumb(found: Any) -> Link:
    """The area as a step of the way to a page."""
    return Link(named(found), reverse("admin-area", args=[found.pk]))


class ImportForm(forms.Form):
    """Nothing is asked: the table ships with the service."""


@screen(act="import_areas")
def bring(request: HttpRequest) -> HttpResponse:
    """Imports the divisions of the region and answers row by row."""
    form = ImportForm(sent(request))
    within(request, _crumb(), Link(_("Import the divisions"), ""))
    if request.method == "POST" and form.is_valid():
        found = attempted(form, import_areas)
        if found is not None:
            heads = (_("Name of the area"), _("Division code"), _("Result"), _("Reason"))
            rows = [(item.name, item.code, WORDS[item.result], item.reason) for item in found]
            told = ["added", "changed", "unchanged", "refused"]
            shown = Shown(
                title=_("Import the divisions"),
                values=[(WORDS[key].text, sum(item.result == key for item in found)) for key in told],
                sections=[Section(_("Row by row"), heads, rows)],
            )
            return show(request, shown, _crumb())
    return render_form(
        request,
        form,
        title=_("Import the divisions"),
        button=_("Import"),
        intro=_(
            "Leagues and cities, banners, counties and districts, and whom the treasury addresses, from the "
            "table that ships with the service. Done again it changes nothing; filing offices and bodies stay."
        ),
    )
