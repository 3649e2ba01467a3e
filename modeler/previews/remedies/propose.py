"""Which migrations have a safe form, and the files that they become."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import router
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.holds import measured_or_expected
from modeler.previews.remedies.change import NoRemedy
from modeler.previews.remedies.forms import BY_CODE, WITHOUT, Form
from modeler.previews.remedies.holding import blocking, made_by
from modeler.previews.remedies.migration_source import migration_source
from modeler.previews.remedies.original import Original, read_original
from modeler.previews.remedies.part import Part, joined
from modeler.previews.remedies.proposal import NoProposal, Proposal, RemedyFile
from modeler.previews.remedies.releases import CHANGING, RENAMING, Releases
from modeler.previews.remedies.safe_operations import SafeOperations
from modeler.previews.remedies.state_tables import StateTables
from modeler.previews.steps import Steps
from modeler.reporting.finding import Finding

NAME = re.compile(r"(?P<number>\d+)_(?P<rest>.+)")
NAME_LENGTH = 200  # of a migration; django_migrations holds 255


@dataclass(frozen=True, slots=True)
class Remedies:
    """What there is for the migrations of a plan.

    Attributes:
        proposals: in the order in which the migrations run.
        without: migrations with findings that no program can mend soundly.
    """

    proposals: tuple[Proposal, ...] = ()
    without: tuple[NoProposal, ...] = ()


def remedies_for(
    plan: Plan,
    steps: Steps,
    loader: MigrationLoader,
    *,
    findings: Iterable[Finding] | None = None,
) -> Remedies:
    """Return what could be run instead of the migrations of a plan.

    Nothing is run, and no file is read or written.

    Args:
        plan: what was rehearsed, with its operations and statements.
        steps: what was asked for; its migrations run in that order.
        loader: has the migrations; those that are in no file were put among them.
        findings: only what they ask for is proposed; None: every form that asks for no further
            release.
    """
    by_key: dict[str, list[str]] | None = None
    if findings is not None:
        by_key = {}
        for finding in findings:
            by_key.setdefault(finding.subject.partition(":")[0], []).append(finding.code)
    shown = {migration.key: migration for migration in plan.migrations}
    state = ProjectState(real_apps=loader.unmigrated_apps)
    proposals: list[Proposal] = []
    without: list[NoProposal] = []
    for step in steps.steps:
        migration = loader.disk_migrations[step.app, step.name]
        planned = shown.get(f"{step.app}.{step.name}")
        if planned is not None and not planned.preview.error:
            codes = None if by_key is None else tuple(sorted(set(by_key.get(planned.key, ()))))
            if codes is None or codes:
                found = _Maker(planned, migration, state, loader, codes, plan).made()
                if isinstance(found, Proposal):
                    proposals.append(found)
                elif found is not None:
                    without.append(found)
        migration.mutate_state(state, preserve=False)
    return Remedies(tuple(proposals), tuple(without))


class _Maker:
    def __init__(
        self,
        planned: Planned,
        migration: Migration,
        state: ProjectState,
        loader: MigrationLoader,
        codes: tuple[str, ...] | None,
        plan: Plan,
    ) -> None:
        self.planned, self.migration, self.loader = planned, migration, loader
        self.codes, self.made_before, self.alias = codes, plan.made, plan.database
        self.wanted = set(Form) if codes is None else {BY_CODE[c] for c in codes if c in BY_CODE}
        if codes is None:
            self.wanted = {form for form in Form if not form.changes_releases}
        self.state = state.clone()
        self.forms: set[Form] = set()

    def made(self) -> Proposal | NoProposal | None:
        reasons = [
            WITHOUT[code].capitalize() + "." for code in self.codes or () if code in WITHOUT
        ]
        if not self.wanted:
            return self._none(reasons) if reasons else None
        if self.migration.replaces:
            return self._none(
                ["A squashed migration stands for others, and must do what they do."]
            )
        try:
            original = read_original(self.planned.source, len(self.migration.operations))
            parts, operations, releases = self._parts(original)
        except NoRemedy as error:
            return self._none([f"{self.planned.key}: {error}."])
        if not self.forms and not (self._blocks() and len(parts) > 1):
            reasons += operations.undone
            return self._none(reasons) if reasons else None
        if not self.forms:
            self.forms.add(Form.SPLIT)
        files = self._files(original, parts)
        return Proposal(
            codes=self.codes or (),
            app=self.migration.app_label,
            name=self.migration.name,
            title=_title(self.forms),
            files=files,
            notes=(*self._notes(files), *releases.notes),
            undone=tuple(dict.fromkeys((*operations.undone, *reasons))),
            original=self.planned.source,
            reference=self._reference(original, releases),
            unwritten=not self.planned.preview.file,
            applied=self.planned.preview.applied,
        )

    def _none(self, reasons: list[str]) -> NoProposal | None:
        codes = self.codes or ()
        return NoProposal(codes, self.migration.app_label, self.migration.name, tuple(reasons))

    def _blocks(self) -> bool:
        statements = self.planned.preview.forward
        made = self.made_before | made_by(statements)
        return bool(blocking(statements, measured_or_expected, made))

    def _parts(self, original: Original) -> tuple[tuple[Part, ...], SafeOperations, Releases]:
        label = self.migration.app_label
        operations = SafeOperations(
            self.planned,
            original,
            StateTables(self.state),
            hinted=bool(router.routers),
            alias=self.alias,
        )
        releases = Releases(label, original)
        found: list[Part] = []
        for position, operation in enumerate(self.migration.operations):
            if Form.REMOVAL in self.wanted and type(operation) in CHANGING:
                self.forms.add(Form.REMOVAL)
                found += releases.forget(position, operation, self.state)
            elif Form.RENAME in self.wanted and type(operation) in RENAMING:
                try:
                    found += releases.rename(position, operation, self.state)
                    self.forms.add(Form.RENAME)
                except NoRemedy as error:
                    operations.undone.append(f"{operation.describe()}: {error}.")
                    found += operations.parts(position, operation)
            else:
                found += operations.parts(
                    position,
                    operation,
                    defaults_stay=Form.DEFAULT_STAYS in self.wanted,
                    batches=Form.BATCHES in self.wanted,
                )
            operation.state_forwards(label, self.state)
        found += releases.dropping()
        self.forms |= operations.forms
        return joined(tuple(found)), operations, releases

    # Files

    def _files(self, original: Original, parts: tuple[Part, ...]) -> tuple[RemedyFile, ...]:
        app, name = self.migration.app_label, self.migration.name
        now = [part for part in parts if not part.later]
        later = [part for part in parts if part.later]
        names = [*self._names_before([part.slug for part in now[:-1]]), name]
        last = next(
            (leaf for leaf_app, leaf in self.loader.graph.leaf_nodes(app) if leaf_app == app), name
        )
        files: list[RemedyFile] = []
        needs: tuple[tuple[str, str], ...] = tuple(self.migration.dependencies)
        for position, (part, own) in enumerate(zip(now, names, strict=True)):
            dependencies = original.dependencies if position == 0 else _list(needs)
            _, imports = original.needed_by((dependencies, original.run_before or "[]"))
            ends = position == len(now) - 1
            source = migration_source(
                part,
                headline=self._headline(position, names),
                dependencies=dependencies,
                imports=imports if position == 0 or (ends and original.run_before) else (),
                run_before=original.run_before if ends else "",
            )
            files.append(RemedyFile(app, own, self._path(own), source, needs))
            needs = ((app, own),)
        needs = ((app, last),)
        for part in later:
            own = self._name_after(needs[0][1], part.slug)
            source = migration_source(
                part,
                headline=f"What {name} left for the release after it.",
                dependencies=_list(needs),
                imports=(),
            )
            files.append(RemedyFile(app, own, self._path(own), source, needs, later=True))
            needs = ((app, own),)
        return tuple(files)

    def _names_before(self, slugs: list[str]) -> list[str]:
        """Return names that come before the original's, in folders too."""
        name = self.migration.name
        match = NAME.fullmatch(name)
        head = match["number"] if match else name
        names = [f"{head}_{number}_{slug}"[:NAME_LENGTH] for number, slug in enumerate(slugs, 1)]
        for own in names:
            if (self.migration.app_label, own) in self.loader.disk_migrations:
                raise NoRemedy(f"there is a migration {own} already")
        return names

    def _name_after(self, last: str, slug: str) -> str:
        match = NAME.fullmatch(last)
        number = f"{int(match['number']) + 1:04d}_" if match else f"{last}_"
        return f"{number}{slug}"[:NAME_LENGTH]

    def _headline(self, position: int, names: list[str]) -> str:
        if len(names) == 1:
            return f"{_title(self.forms)}."
        text = f"Part {position + 1} of {len(names)} of {names[-1]}."
        if position == len(names) - 1:
            text += f"\n\n{_title(self.forms)}; after {', '.join(names[:-1])}."
        return text

    def _path(self, name: str) -> str:
        file = self.planned.preview.file
        if file:
            return str(Path(file).with_name(f"{name}.py"))
        folder = _folder(self.loader, self.migration.app_label)
        return str(folder / f"{name}.py") if folder else ""

    def _notes(self, files: tuple[RemedyFile, ...]) -> Iterable[str]:
        name = self.migration.name
        if len([file for file in files if not file.later]) > 1:
            yield (
                f"{name} keeps its name and comes last, so that nothing that depends on it "
                "changes. Where the old one is applied already (a developer's database), migrate "
                "back to before it first."
            )
        for file in files:
            if "CONCURRENTLY" in file.source or "Concurrently(" in file.source:
                yield (
                    f"If {file.name} is stopped, drop the invalid index that it leaves, and "
                    "migrate again."
                )

    def _reference(self, original: Original, releases: Releases) -> str:
        if not releases.reference:
            return ""
        texts = tuple(
            releases.reference.get(position, text)
            for position, text in enumerate(original.operations)
        )
        functions, imports = original.needed_by((*texts, original.dependencies))
        return migration_source(
            Part(texts, "", atomic=self.migration.atomic, functions=functions,
                 imports=("from django.db import models", *imports)),
            headline="Where the files end.",
            dependencies=original.dependencies,
            imports=(),
        )  # fmt: skip


def _title(forms: set[Form]) -> str:
    words = [form.value for form in Form if form in forms]
    text = "; ".join(words)
    return text[:1].upper() + text[1:]


def _list(needs: tuple[tuple[str, str], ...]) -> str:
    return "[" + ", ".join(f'("{app}", "{name}")' for app, name in needs) + "]"


def _folder(loader: MigrationLoader, app: str) -> Path | None:
    """Return where an app's migrations lie, by one that is in a file."""
    import inspect

    for (label, _), migration in loader.disk_migrations.items():
        if label == app:
            try:
                return Path(inspect.getfile(type(migration))).parent
            except (OSError, TypeError):
                continue
    return None


def with_remedies(
    findings: tuple[Finding, ...], proposals: tuple[Proposal, ...]
) -> tuple[Finding, ...]:
    """Return the findings with the remedies that answer them."""
    by_key = {proposal.key: proposal for proposal in proposals}
    found = []
    for finding in findings:
        proposal = by_key.get(finding.subject.partition(":")[0])
        if proposal is not None and finding.code in BY_CODE and finding.code in proposal.codes:
            finding = replace(finding, remedy=proposal.remedy)
        found.append(finding)
    return tuple(found)
