"""Which failures are new: pure, from attempts to breaks."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.replay.replay import Attempt, Break, Coverage, Failure, Meeting, Verb
from modeler.previews.replay.rows import EVERY_COLUMN, READ_OTHERWISE
from modeler.previews.replay.sentences import sentence

VERBS = tuple(Verb)
Groups = dict[tuple[str, Verb, Failure], list[Attempt]]


def breaks(
    before: Iterable[Attempt],
    after: Iterable[Attempt],
    meeting: Meeting = Meeting.OLD_ON_NEW,
) -> tuple[Break, ...]:
    """Return what worked and does not any more, merged by cause.

    Args:
        before: attempts of the classes on the schema that they were made for.
        after: attempts of the same classes on the other schema.
        meeting: whose classes, on which schema.

    Returns:
        sorted by model, verb and cause.
    """
    return _merged(_new_ones(before, after, otherwise=False), meeting)


def read_otherwise(before: Iterable[Attempt], after: Iterable[Attempt]) -> list[Attempt]:
    """Return what newly reads something else than it wrote.

    Nothing is refused, so that no order of deploy follows; but code may not expect it.
    """
    return _new_ones(before, after, otherwise=True)


def _new_ones(
    before: Iterable[Attempt], after: Iterable[Attempt], *, otherwise: bool
) -> list[Attempt]:
    earlier = {attempt.key: attempt for attempt in before}
    tried = {(attempt.model, attempt.verb) for attempt in earlier.values() if not attempt.skipped}
    never = {a.failure for a in earlier.values() if a.failure and a.failure.is_structural}
    return [
        attempt
        for attempt in after
        if (attempt.shape == READ_OTHERWISE) is otherwise
        and _is_new(attempt, earlier, tried, never)
    ]


def encounters(attempts: Iterable[Attempt], meeting: Meeting) -> tuple[Break, ...]:
    """Return what one code cannot do with the other's rows (see ``meet``), merged by cause."""
    return _merged(attempts, meeting)


def contradictions(attempts: Iterable[Attempt]) -> tuple[Break, ...]:
    """Return what the classes of a state cannot do on the very schema that is theirs.

    Only failures that no values could avoid: a column that the state does not know and that
    must be given, a table or column that is not there.
    """
    return breaks((), attempts, Meeting.NEW_ON_NEW)


def coverage(*runs: Iterable[Attempt]) -> Coverage:
    """Say how much of the models was exercised in all runs together."""
    models: dict[str, bool] = {}
    gaps: dict[str, None] = {}
    for attempts in runs:
        for attempt in attempts:
            whole = not attempt.skipped
            models[attempt.model] = models.get(attempt.model, True) and whole
            if attempt.skipped:
                gaps.setdefault(f"{attempt.model} {attempt.verb}: {attempt.skipped}")
    return Coverage(len(models), sum(models.values()), tuple(sorted(gaps)))


def _merged(attempts: Iterable[Attempt], meeting: Meeting) -> tuple[Break, ...]:
    groups: Groups = {}
    for attempt in attempts:
        if attempt.failure is not None:
            key = attempt.model, attempt.verb, attempt.failure
            groups.setdefault(key, []).append(attempt)
    ordered = sorted(groups, key=lambda key: (key[0], VERBS.index(key[1]), key[2]))
    return tuple(_break(*key, groups, meeting) for key in ordered)


def _is_new(
    attempt: Attempt,
    earlier: dict[tuple, Attempt],
    tried: set[tuple[str, Verb]],
    never: set[Failure],
) -> bool:
    failure = attempt.failure
    if failure is None:
        return False
    certain = failure.is_structural or (
        # Every column that the class knows was given.
        failure.sqlstate == "23502" and attempt.shape == EVERY_COLUMN
    )
    if (attempt.model, attempt.verb) not in tried:
        # What other models failed for before is nothing new in one that was not tried then.
        return certain and failure not in never
    # Single fields are tried only where the whole row failed.
    whole = (attempt.model, attempt.verb, attempt.shape, "")
    was = earlier.get(attempt.key) or earlier.get(whole)
    if was is None:
        return failure not in never
    if was.failure is None:
        return not was.skipped or certain
    return certain and was.failure != failure


def _break(
    model: str,
    verb: Verb,
    failure: Failure,
    groups: Groups,
    meeting: Meeting,
) -> Break:
    attempts = groups[model, verb, failure]
    fields = _fields(attempts)
    if not fields and verb is Verb.INSERT and not failure.column:
        # An update of single fields tells which one an insert fails at.
        fields = _fields(groups.get((model, Verb.UPDATE, failure), []))
    shapes = tuple(dict.fromkeys(attempt.shape for attempt in attempts))
    words = sentence(meeting, model, verb, failure, fields, shapes)
    return Break(model, verb, failure.sqlstate, words, meeting, failure, fields, shapes)


def _fields(attempts: list[Attempt]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(attempt.field for attempt in attempts if attempt.field))
