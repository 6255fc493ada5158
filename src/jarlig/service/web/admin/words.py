"""What the administration calls things that have no word of their own (对象、任务、文件类别的名称)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Things that acts are done to, by the name under which they are written down.
THINGS: dict[str, Promise | str] = {
    "bodies.account": _("account of a person"),
    "bodies.area": _("area"),
    "bodies.body": _("body"),
    "bodies.calendaryear": _("working calendar"),
    "bodies.deputy": _("deputyship"),
    "bodies.onetimecode": _("invitation"),
    "bodies.person": _("person"),
    "bodies.seat": _("seat"),
    "bodies.session": _("sign-in"),
    "bodies.textblock": _("text block"),
    "applications.applicationfile": _("application file"),
    "applications.claim": _("claim"),
    "applications.correction": _("correction"),
    "applications.evidence": _("document of a claim"),
    "applications.submission": _("submission"),
    "catalogue.confirmation": _("confirmation of an interpretation"),
    "catalogue.folderimport": _("imported folder"),
    "catalogue.guide": _("guide"),
    "catalogue.interpretation": _("interpretation"),
    "catalogue.programme": _("programme"),
    "catalogue.recognition": _("recognition"),
    "catalogue.recognitionimport": _("list of recognitions"),
    "catalogue.routeversion": _("route"),
    "catalogue.version": _("version of a programme"),
    "catalogue.window": _("window"),
    "documents.storedfile": _("file"),
    "enterprises.authorisationletter": _("letter of authorisation"),
    "enterprises.bankaccount": _("account of an enterprise"),
    "enterprises.dispute": _("dispute"),
    "enterprises.enterprise": _("enterprise"),
    "enterprises.membership": _("place in an enterprise"),
    "enterprises.legalpersonproof": _("legal person's proof"),
    "enterprises.renaming": _("new name of an enterprise"),
    "ground.jobend": _("end of a job"),
}
#: What the worker does, by the name of the job.
JOBS: dict[str, Promise | str] = {
    "put_log_in_order": _("put the log in order"),
    "check_log": _("check the log"),
    "clear_sessions": _("clear ended sessions away"),
    "clear_attempts": _("clear attempts to sign in away"),
    "clear_away_jobs": _("clear old jobs away"),
    "clear_estimates": _("clear estimates away whose time is over"),
    "clear_away_bytes": _("clear bytes of uploads that came to nothing away"),
    "check_folder": _("check a programme folder"),
    "lapse_corrections": _("withdraw claims whose corrections are overdue"),
    "scan_files": _("scan files for viruses"),
}
#: Folders of files.
FOLDERS: dict[str, Promise | str] = {
    "stored": _("files that people sent"),
    "static": _("styles and scripts of the pages"),
}


def kind_words(thing: str) -> str:
    """A kind of thing in words; its name where this version has no word for it."""
    return str(THINGS.get(thing, thing))
