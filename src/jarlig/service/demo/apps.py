"""The room of the demonstration, installed by ``config/demo.py`` and nothing else."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The login of the service reaches nothing by itself; whoever looks at the public site may ask this.
_ASK = ("SET ROLE jarlig_public", "SELECT jarlig.is_demonstration()", "RESET ROLE")


class DemoConfig(AppConfig):
    """Lets no connection be used whose database is not marked."""

    name = "jarlig.service.demo"
    label = "demo"

    def ready(self) -> None:
        """Looks at each new connection; that of the owner, who migrates before there is a mark, serves nobody."""
        from django.db.backends.signals import connection_created

        if not settings.ACTS_AS_OWNER:
            connection_created.connect(only_marked, dispatch_uid="jarlig.demo.only_marked")


def only_marked(connection: Any, **_: Any) -> None:
    """Refuses a database that is not marked as demonstration.

    Raises:
        ImproperlyConfigured: with the sentence that says so.
    """
    opened = connection.connection
    opened.execute(_ASK[0])
    marked = opened.execute(_ASK[1]).fetchone()[0]
    opened.execute(_ASK[2])
    if not marked:
        connection.close()
        raise ImproperlyConfigured(
            "数据库不是演示数据库，演示功能不在其上运行。请去掉演示设置 / "
            "this database is not marked as demonstration, and nothing of a demonstration runs on it: "
            "use jarlig.service.config.settings"
        )
