"""Settings of a demonstration (演示设置): those of an installation, and anybody may be anybody.

They serve the embedded database that ``jarlig up`` made and marked, and no other: a server's address is refused here,
a database without the mark at the first connection.
"""

from __future__ import annotations

from typing import Any

from jarlig.service.config.environment import SettingError
from jarlig.service.config.settings import *  # noqa: F403 - the settings are the names of the module
from jarlig.service.config.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, SERVICE, TEMPLATES

if not str(DATABASES["default"]["HOST"]).startswith("/"):
    raise SettingError(
        "JARLIG_DATABASE_URL", "演示只能使用本机自带数据库，不能使用数据库服务器",
        "a demonstration runs on the database of its own machine alone, never on a server",
    )  # fmt: skip

DEMONSTRATION = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "jarlig.service.demo"]
MIDDLEWARE = ["jarlig.service.demo.middleware.OnlyHere", *MIDDLEWARE]
ROOT_URLCONF = "jarlig.service.demo.urls"
_TEMPLATES: dict[str, Any] = TEMPLATES[0]
TEMPLATES = [{**_TEMPLATES, "DIRS": [*_TEMPLATES["DIRS"], SERVICE / "demo" / "templates"]}]
