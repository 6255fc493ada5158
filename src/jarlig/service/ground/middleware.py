"""One transaction a request (一个请求一个事务): kept when the answer is good, undone when it is not.

The answer leaves only after the commit, so that nothing is acknowledged that could still be lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Refused

_log = logging.getLogger("jarlig.request")


class OneTransaction:
    """Opens the transaction in the role of the sign-in; a later middleware finds out who it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/alive/":  # asked by whoever watches the server; touches nothing
            return HttpResponse("alive", content_type="text/plain")
        try:
            with acting(Who(role="jarlig_gate")):
                response = self.get_response(request)
                if response.status_code == 500 and getattr(connection.connection, "closed", False):
                    raise OperationalError("the connection was lost between two middlewares")
                if response.status_code >= 500 or getattr(request, "undone", False):
                    transaction.set_rollback(True)
            return response
        except (OperationalError, InterfaceError) as error:
            return self._unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal is a page with its reason; a database that does not answer is a page that says so."""
        request.undone = True
        if isinstance(error, Refused):
            refusal: HttpResponse = import_string(settings.REFUSAL_VIEW)(request, error)
            return refusal
        if isinstance(error, (OperationalError, InterfaceError)):
            return self._unavailable(request, error)
        if not isinstance(error, (BadRequest, Http404, PermissionDenied)):
            _log.exception("%s %s failed", request.method, request.path)
        return None

    def _unavailable(self, request: HttpRequest, error: Error) -> HttpResponse:
        _log.error("the database does not answer %s %s: %s", request.method, request.path, error)
        page: HttpResponse = import_string(settings.UNAVAILABLE_VIEW)(request)
        return page
