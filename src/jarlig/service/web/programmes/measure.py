"""The page of a measure (措施说明): its clauses, what can be applied for under it, targets, duties and registers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jarlig.service.catalogue.loading import version_in_force
from jarlig.service.catalogue.public import answers_about
from jarlig.service.catalogue.queries import windows
from jarlig.service.ground.clock import now
from jarlig.service.web.programmes.clauses import under
from jarlig.service.web.programmes.offer import stands_now
from jarlig.service.web.programmes.telling import Place, names, pages_of, parts_of, titled
from jarlig.service.web.screens import screen


@screen(None, public=True)
def measure(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Everything that one measure of the notice holds, also where nobody applies for anything."""
    version, instant = version_in_force(key), now()
    found = windows(version.programme)
    rows = [row for _title, of in parts_of(version, found, instant) for row in of]
    row = next((one for one in rows if one.measure.number == number), None)
    if row is None:
        raise Http404
    pages = pages_of(version)
    read, rest = pages.book.programme, pages.rest()

    def within(clause: str) -> bool:
        return clause == number or clause.startswith(f"{number}.")

    offers = [
        (pages.offer(name), stands_now(read, name, [window for window in found if window.offer == name], instant))
        for name, offer in read.offers.items() if within(offer.cites)
    ]  # fmt: skip
    under(request, key, titled(version))
    return render(request, "programmes/measure.html", {
        "row": row, "key": key, "place": Place(key), "say": pages.book.say, "names": names(pages), "offers": offers,
        "clauses": [one for one in rest.clauses if within(one.id)],
        "targets": [one for one in rest.targets if within(read.targets[one.id].cites)],
        "duties": [one for one in rest.duties if within(read.duties[one.id].cites)],
        "registers": [one for one in rest.registers if within(read.registers[one.id].cites)],
        "answers": answers_about(version.programme, [number]), "sample": read.sample,
        "title": f"{number} {row.measure.title}",
    })  # fmt: skip
