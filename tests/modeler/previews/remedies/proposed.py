"""Proposals for a project's migrations and what the shadow shows of them, in its own process."""

from __future__ import annotations

import json
from typing import Any

from tests.modeler.previews.project import PetProject

SCRIPT = """
import json, sys
from datetime import date
import django
django.setup()
from modeler.previews.hazards.assemble import plan_of
from modeler.previews.child import migration_of
from modeler.previews.judgement import judged
from modeler.previews.options import STATIC
from modeler.previews.rehearsal import preview_of
from modeler.previews.remedies.propose import remedies_for, with_remedies
from modeler.previews.remedies.prove import prove
from modeler.previews.remedies.write import write_files
from modeler.previews.steps import load, pending_steps, range_steps, unwritten_steps
from modeler.reporting.finding import Finding, Level
from modeler.schema.encoding import encode

order = json.loads(sys.argv[1])
loader = load("default")
if order["changes"]:
    steps = unwritten_steps(loader)
elif order["range"]:
    steps = range_steps(loader, *order["range"])
else:
    steps = pending_steps(loader, last=1)
preview = preview_of(steps, "default", options=STATIC)
sources = {(one.app, one.name): one.source for one in steps.written}
for key, source in sources.items():
    loader.disk_migrations.setdefault(key, migration_of(*key, source))
plan = plan_of(preview, steps, loader, sources=sources)
findings = None
if order["codes"] is not None:
    findings = judged(preview, steps, loader, today=date.today())[0].findings
if order["codes"]:
    findings = [
        Finding(code, Level.ERROR, f"pets.{order['name']}:x", "said") for code in order["codes"]
    ]
remedies = remedies_for(plan, steps, loader, findings=findings)
found = []
for proposal in remedies.proposals:
    if order["name"] and proposal.name != order["name"]:
        continue
    proof = prove(proposal, "default", steps, loader) if order["proves"] else None
    written = list(write_files(proposal)) if order["writes"] else []
    found.append({
        "proposal": encode(proposal), "proof": encode(proof) if proof else None,
        "written": written, "answers": [
            finding.code for finding in with_remedies(findings or (), [proposal]) if finding.remedy
        ], "holds": proof.holds if proof else None,
    })
print("ANSWER" + json.dumps({
    "found": found, "without": [encode(one) for one in remedies.without],
    "errors": [m.error for m in preview.migrations if m.error],
}))
"""


def proposals(
    pets: PetProject,
    name: str = "",
    *,
    codes: list[str] | None = None,
    proves: bool = True,
    writes: bool = False,
    range: list[str] | None = None,
    changes: bool = False,
) -> dict[str, Any]:
    """Return what is proposed for the pending migrations.

    Args:
        name: of the only one that matters; all of them without.
        codes: of findings about it, None to ask for every form; empty: what the rules find.
        proves: run them on the shadow.
        writes: put them into the app.
        changes: of models, that no migration holds yet.
        range: app and range, instead of what is pending.
    """
    script = pets.home / "ask_for_remedies.py"
    script.write_text(SCRIPT)
    order = {
        "name": name,
        "codes": codes,
        "proves": proves,
        "writes": writes,
        "range": range,
        "changes": changes,
    }
    done = pets.python(str(script), json.dumps(order))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.partition("ANSWER")[2])
    assert answer["errors"] == []
    return answer


def proven(pets: PetProject, name: str, *, codes: list[str] | None = None) -> dict[str, Any]:
    """Return the one proposal for a migration, after it was shown to hold."""
    (found,) = proposals(pets, name, codes=codes, range=["pets", name])["found"]
    proof = found["proof"]
    assert (proof.get("refuted", []), found["holds"]) == ([], True), "\n".join(
        file["source"] for file in found["proposal"]["files"]
    )
    return found["proposal"]
