"""Which code each migration breaks: what the replay found, against labels written by hand.

The labels (``benchmarks/truth/breaking``) come from what Django and PostgreSQL document; whoever
wrote them never saw a replay. modeler's own migrations, which every project has too, are not
labelled: the judge is what others wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modeler.previews.preview import MigrationPreview
from modeler.previews.replay.replay import Meeting
from tests.thirdparty.preview_truth import Score

OWN = "modeler"
LABELS = Path(__file__).resolve().parents[2] / "benchmarks" / "truth" / "breaking"
SIDES = {"old_code": Meeting.OLD_ON_NEW, "new_code": Meeting.NEW_ON_OLD}
# A migration, a side, a model and a verb.
Point = tuple[str, str, str, str]


@dataclass(slots=True)
class Breaking:
    """Scores of one project at three grains.

    Attributes:
        sides: pairs of a migration and whose code it breaks.
        models: the same with the model.
        verbs: the same with what the code does.
        differing: points that one of both says, ``invented`` or ``missed`` first.
    """

    sides: Score = field(default_factory=Score)
    models: Score = field(default_factory=Score)
    verbs: Score = field(default_factory=Score)
    differing: list[tuple[str, ...]] = field(default_factory=list)


def labels(project: str) -> dict[str, frozenset[Point]]:
    """Return what was labelled, by migration."""
    found = {}
    for line in (LABELS / f"{project}.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        key = entry["migration"]
        found[key] = frozenset(
            (key, side, _model(one["model"]), verb)
            for side in SIDES
            for one in entry[side]
            for verb in one["verbs"]
        )
    return found


def found_by_replay(migration: MigrationPreview) -> frozenset[Point]:
    """Return what the replay of a migration says."""
    breaks = migration.replay.breaks if migration.replay else ()
    return frozenset(
        (migration.key, side, _model(one.model), str(one.kind))
        for side, meeting in SIDES.items()
        for one in breaks
        if one.meeting is meeting
    )


def compared(project: str, migrations: Iterable[MigrationPreview]) -> Breaking:
    """Score a project's replays.

    Raises:
        KeyError: nobody labelled one of its migrations.
    """
    result, truth = Breaking(), labels(project)
    for migration in migrations:
        if migration.app == OWN:
            continue
        said, true = found_by_replay(migration), truth[migration.key]
        for score, grain in ((result.sides, 2), (result.models, 3), (result.verbs, 4)):
            score.add(_cut(said, grain), _cut(true, grain))
        known, right = _cut(said, 3), _cut(true, 3)
        result.differing += [("invented", *point) for point in sorted(known - right)]
        result.differing += [("missed", *point) for point in sorted(right - known)]
    return result


def _cut(points: Iterable[Point], grain: int) -> frozenset[tuple[Any, ...]]:
    return frozenset(point[:grain] for point in points)


def _model(label: str) -> str:
    # States write names of automatic join tables in one case, classes in another.
    return label.lower()
