"""The command `jarlig`: the commands of the rules, and those of the service where its packages are installed."""

from __future__ import annotations

import sys

from jarlig.cli.app import More, run
from jarlig.cli.trouble import Trouble

_LAUNCH = "jarlig.service.launch.commands"
#: Imported only when asked for: the rules need none of what they stand on.
SERVICE = More(
    {
        "up": (f"{_LAUNCH}:up", "启动服务，Ctrl-C 停止 / Run the service; Ctrl-C ends it."),
        "migrate": (f"{_LAUNCH}:migrate", "以所有者身份更新数据库 / Bring the database up to date, as its owner."),
        "doctor": (f"{_LAUNCH}:doctor", "体检：缺什么、怎样改正 / What an installation lacks, and how to mend it."),
    },
    Trouble(
        "没有安装服务所需的软件包，请执行 pip install 'jarlig[service,embedded]'",
        "the packages of the service are not installed; run pip install 'jarlig[service,embedded]'",
    ),
)


def main() -> None:
    """Runs the command ``jarlig`` with the arguments of this process and ends the process with its exit code."""
    sys.exit(run(sys.argv[1:], SERVICE))


if __name__ == "__main__":
    main()
