"""Several people who act at the same moment, each in a thread and connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from jarlig.service.ground.errors import Refused


def together(*each: Callable[[], object]) -> list[str]:
    """Does things at once, each in a thread and connection of its own; what became of each."""
    found: list[str] = ["" for _ in each]
    ready = threading.Barrier(len(each))

    def run(number: int, does: Callable[[], object]) -> None:
        ready.wait()
        try:
            does()
            found[number] = "done"
        except Refused as refused:
            found[number] = type(refused).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, does)) for number, does in enumerate(each)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found
