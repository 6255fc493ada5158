"""What an address may hold (网址内容): text without control characters; a database does not take them all."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

_acts = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """A text with a space for every control character."""
    return _acts.sub(" ", text)


class PlainAddress:
    """Before anything reads an address: what it asks for is plain text, and nothing is at a path that is not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lets the request on, with its query made plain.

        Raises:
            Http404: for a path with a control character.
        """
        if _acts.search(request.path_info):
            raise Http404
        if any(_acts.search(text) for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            asked = request.GET.copy()
            asked.clear()
            for key, texts in request.GET.lists():
                asked.setlist(plain(key), [plain(text) for text in texts])
            asked._mutable = False
            request.GET = asked
        return self.get_response(request)
