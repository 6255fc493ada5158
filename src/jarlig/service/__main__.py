"""The commands of the Django project (管理命令): ``python -m jarlig.service COMMAND``."""

from __future__ import annotations

import os
import sys

from jarlig.service.config.environment import SettingError


def main(arguments: list[str]) -> int:
    """Runs a command of the project; what a person can mend is one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jarlig.service.config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(["python -m jarlig.service", *arguments])
    except (SettingError, ImproperlyConfigured, OperationalError) as error:
        sys.stderr.write(f"{str(error).strip()}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
