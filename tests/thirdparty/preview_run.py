"""The whole history of somebody's project, previewed in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modeler.previews.encoding import from_document
from modeler.previews.preview import Preview
from tests.thirdparty.environment import Project

# Measured on rows, with what running code meets and without the way back.
TRACED = {"trace": True, "rows": 20, "backward": False, "reverse": False}
RUN = """
import json
import resource
import sys
import time
from datetime import date

import django

django.setup()
from modeler.previews.encoding import to_json
from modeler.previews.judgement import judgement
from modeler.previews.options import Options
from modeler.previews.rehearsal import preview_of
from modeler.previews.steps import all_steps, load
from modeler.schema.encoding import decode

options = decode(Options, json.loads(sys.argv[2]))
start = time.perf_counter()
loader = load("default", offline=True)
steps = all_steps(loader)
before = time.process_time()
preview = preview_of(steps, "default", options=options, offline=True)
judged = judgement(preview, steps, loader, sizes=None, waivers=(), packs=(), today=date.today())
preview = judged.preview
wall = time.perf_counter() - start
child = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as stream:
    stream.write(to_json(preview))
cpu = child.ru_utime + child.ru_stime + time.process_time() - before
print(json.dumps({"wall": round(wall, 2), "cpu": round(cpu, 2)}))
"""


def previewed(
    project: Project, folder: Path, options: Mapping[str, Any]
) -> tuple[Preview, dict[str, float]]:
    """Return the preview, judged by all rules, and its seconds of wall clock and processor.

    Args:
        project: in its environment.
        folder: where a file may be written.
        options: of ``modeler.previews.options.Options``.
    """
    output = folder / "preview.json"
    done = run_python(project, ["-c", RUN, str(output), json.dumps(dict(options))])
    return from_document(json.loads(output.read_text())), json.loads(done.splitlines()[-1])


def run_python(project: Project, arguments: list[str], *, beside: Path | None = None) -> str:
    """Run Python in the project's environment and return what it printed.

    Args:
        project: in its environment.
        arguments: of the interpreter.
        beside: a folder of further packages, and of programs under ``bin``.
    """
    variables = {**project.variables, "DJANGO_SETTINGS_MODULE": f"{project.name}_settings"}
    if beside:
        variables["PYTHONPATH"] += f"{os.pathsep}{beside}"
        variables["PATH"] = f"{beside / 'bin'}{os.pathsep}{variables['PATH']}"
    done = subprocess.run(
        [project.home / "bin" / "python", *arguments],
        capture_output=True, text=True, check=False, cwd=project.home, env=variables,
    )  # fmt: skip
    assert done.returncode == 0, f"{project.name}: {done.stderr[-2000:]}"
    return done.stdout
