"""Jobs (后台任务) and storage (文件存储): what works, what failed, how much room there is."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.bodies.acts.retry_job import retry_job
from jarlig.service.bodies.permission import may
from jarlig.service.bodies.storage import storage as look
from jarlig.service.bodies.work import MOST, queue
from jarlig.service.ground.clock import SHANGHAI
from jarlig.service.web.admin import words
from jarlig.service.web.admin.common import WORDS, Section, Shown, confirm, listed, show
from jarlig.service.web.context import Link
from jarlig.service.web.figures import moment, number
from jarlig.service.web.screens import screen
from jarlig.service.web.status import Word
from jarlig.service.web.tables import Column, Filter, Table

_STATES = ("failed", "stalled", "doing", "todo")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


@screen(act="see_jobs")
def jobs(request: HttpRequest) -> HttpResponse:
    """The queue: what failed or stalled first in sight, with a way to try it again."""
    found = queue()
    if not found.there:
        shown = Shown(
            title=_("Jobs"),
            intro=_(
                "This installation has no queue of jobs: its tables are not there yet. They are made by the migrations."
            ),
        )
        return show(request, shown)
    can_retry = may("retry_job").allowed
    table = Table(
        key="jobs",
        caption=_("Jobs"),
        columns=(
            Column("number", _("Number"), "number", head=True),
            Column("name", _("Job")),
            Column("state", _("State"), "status"),
            Column("attempts", _("Tries"), "number"),
            Column("moved", _("Last moved")),
            Column("due", _("Not before"), shown=False),
            Column("again", _("Try again"), "link"),
            Column("standing", _("State"), shown=False),
        ),
        filters=(
            Filter("standing", _("State"), tuple((key, WORDS[key].text) for key in _STATES)),
            Filter("q", _("Job")),
        ),
        nothing=_("Nothing waits, runs or has failed."),
    )
    rows = [
        {
            "number": job.number,
            "name": words.JOBS.get(job.name, job.name),
            "state": WORDS.get(job.state, Word(job.state, "quiet", job.state, job.state)),
            "standing": job.state,
            "attempts": job.attempts,
            "moved": moment(job.moved.astimezone(SHANGHAI)) if job.moved else "",
            "due": moment(job.due.astimezone(SHANGHAI)) if job.due else "",
            "again": Link(_("Try again"), reverse("admin-job-retry", args=[job.number]))
            if can_retry and job.state in ("failed", "stalled")
            else "",
        }
        for job in found.jobs
    ]
    counted = {key: sum(job.state == key for job in found.jobs) for key in _STATES}
    figures = [(WORDS[key].text, number(counted[key]), "") for key in _STATES]
    figures += [(_("Succeeded"), number(found.succeeded), ""), (_("Workers alive"), number(found.workers), "")]
    note = _("The latest %(most)s are shown.") % {"most": MOST} if len(found.jobs) >= MOST else ""
    return listed(
        request, table, rows, template="admin/jobs.html", figures=figures, dead=not found.workers, note=note
    )  # fmt: skip


@screen(act="retry_job")
def retry(request: HttpRequest, key: int) -> HttpResponse:
    """Tries a job again."""
    return confirm(
        request,
        "retry_job",
        lambda reason: retry_job(key, reason=reason),
        reverse("admin-jobs"),
        title=_("Try job %(number)s again") % {"number": key},
        button=_("Try again"),
        intro=_("What it has done already it does not do twice."),
    )


@screen(act="see_storage")
def storage(request: HttpRequest) -> HttpResponse:
    """The folder of the files; nothing is changed here."""
    found = look()
    shown = Shown(title=_("Storage"), values=[(_("Folder"), str(found.folder))])
    if not found.there:
        shown.intro = _("The folder is not there: no file can be kept. Whoever runs the server makes it.")
        return show(request, shown)
    if found.is_scarce:
        shown.intro = _(
            "Little room is left: files will soon be refused. Make room, or give the service a larger disk."
        )
    shown.values += [
        (_("Free"), _("%(free)s of %(total)s") % {"free": in_bytes(found.free), "total": in_bytes(found.total)}),
        (_("Files"), number(sum(kind.files for kind in found.kinds)) + ("" if found.is_whole else _(" or more"))),
    ]
    rows = [
        (
            words.FOLDERS.get(kind.name, kind.name),
            number(kind.files),
            in_bytes(kind.size),
            _("not known") if kind.orphans is None else number(kind.orphans),
        )
        for kind in found.kinds
    ]
    heads = (_("Kind"), _("Files"), _("Size"), _("Without a row that knows them"))
    shown.sections = [Section(_("By kind"), heads, rows, _("No file has been kept yet."))]
    return show(request, shown)


def in_bytes(size: int) -> str:
    """A size as people say it."""
    unit = min(max(size.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    return f"{Decimal(size) / 1024**unit:,.1f} {_UNITS[unit]}" if unit else f"{size} B"
