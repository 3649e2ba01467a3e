"""A process with Django set up, which forks a run of a command for each line it is given.

A run that is killed costs a tenth of a second then, so that many points can be tried.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    import django

    django.setup()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        waiter = os.fork()
        if waiter == 0:
            wait_for(asked)
        sys.stdout.write(f"{waiter}\n")
        sys.stdout.flush()


def wait_for(asked: dict[str, Any]) -> None:
    """Fork the run, and write down how it ended."""
    output = Path(asked["output"])
    pid = os.fork()
    if pid == 0:
        run(asked, output)
    output.with_suffix(".pid").write_text(str(pid))
    _, status = os.waitpid(pid, 0)
    ended = output.with_suffix(".end")
    ended.with_suffix(".part").write_text(str(os.waitstatus_to_exitcode(status)))
    ended.with_suffix(".part").rename(ended)
    os._exit(0)


def run(asked: dict[str, Any], output: Path) -> None:
    stream = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(stream, 1)
    os.dup2(stream, 2)
    os.environ.update(asked["variables"])
    code = 1
    try:
        from django.core.management import execute_from_command_line

        # What a test wrote meanwhile.
        import_module("pets.mortal")
        import_module("pets.signals")
        execute_from_command_line(["manage.py", *asked["arguments"]])
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
