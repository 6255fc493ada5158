"""A stored file as it leaves the service (文件下载)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jarlig.service.documents.acts.read_file import read_file
from jarlig.service.documents.queries import file_of
from jarlig.service.ground.context import Who, become, current
from jarlig.service.ground.errors import Missing
from jarlig.service.web.screens import screen

#: What a browser may draw; everything else is bytes to be saved.
TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
SALT = "jarlig.file"
#: Seconds in which a browser goes to the other host with the key it was given.
SECONDS = 60


@screen(None)
def serve(request: HttpRequest, file: UUID) -> HttpResponse:
    """The file, for who may see it; from the other host, where the installation has one."""
    if settings.FILES_HOST and request.get_host() != settings.FILES_HOST:
        file_of(file)
        who = current()
        key = signing.dumps([str(file), str(who.person), str(who.seat or "")], salt=SALT)
        address = reverse("file-elsewhere", args=[file, key])
        return HttpResponseRedirect(f"{request.scheme}://{settings.FILES_HOST}{address}")
    return _served(file)


@screen(None, public=True)
def serve_elsewhere(request: HttpRequest, file: UUID, key: str) -> HttpResponse:
    """The file from the other host, which has no session: the key says for whom, for a minute, and nothing else."""
    if not settings.FILES_HOST or request.get_host() != settings.FILES_HOST:
        raise Missing(_("There is no such file."))
    try:
        named, person, seat = signing.loads(key, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        raise Missing(_("This address was good for a minute. Go back and open the file again.")) from None
    if named != str(file):
        raise Missing(_("There is no such file."))
    become(Who(role="jarlig_person", person=UUID(person), seat=UUID(seat) if seat else None))
    return _served(file)


def _served(identity: UUID) -> HttpResponse:
    file, source = read_file(identity)
    response = FileResponse(source, as_attachment=True, filename=file.name,
                            content_type=TYPES.get(file.kind, "application/octet-stream"))  # fmt: skip
    for name, value in HEADERS.items():
        response[name] = value
    return response
