"""What is said of others' migrations, against what was measured and what was labelled by hand."""

from __future__ import annotations

import pytest

from modeler.servers import supervised
from tests.thirdparty.breaking_truth import compared
from tests.thirdparty.environment import build_wheel, make_project
from tests.thirdparty.preview_run import TRACED, previewed
from tests.thirdparty.preview_truth import Score, lines

pytestmark = pytest.mark.thirdparty


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.mark.parametrize("name", ["oscar", "wagtail", "pretix"])
def test_what_is_said_of_a_history(name, wheel, tmp_path):
    with supervised(("postgres",)) as server:
        project = make_project(
            name, wheel, database_url=server.database_url, servers=server.data_dir,
            folder=tmp_path,
        )  # fmt: skip
        preview, _ = previewed(project, tmp_path, TRACED)
    assert [migration.key for migration in preview.migrations if migration.error] == []
    assert preview.filled == preview.tables
    blocking, rewrites, modes, others = Score(), Score(), Score(), Score()
    for _, said, true in lines(name, preview.migrations):
        blocking.add(said.blocking, true.blocking)
        rewrites.add(said.rewrites, true.rewrites)
        modes.add(said.locks.items(), true.locks.items())
        others.add(said.others & true.others, true.others)
    figures = {
        "long blocking": blocking.f1, "lock modes": modes.recall, "other tables": others.recall,
    }  # fmt: skip
    breaking = compared(name, preview.migrations).models
    figures |= {"breaks, precision": breaking.precision, "breaks, recall": breaking.recall}
    print(name, figures, blocking, rewrites)
    assert rewrites.missed == 0
    assert blocking.f1 >= 0.97, figures
    assert modes.recall >= 0.99, figures
    assert others.recall >= 0.99, figures
    assert breaking.precision >= 0.95, figures
    assert breaking.recall >= 0.95, figures
