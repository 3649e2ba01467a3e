"""What was shown of a proposal on the shadow."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.preview import MigrationPreview, Reversal


@dataclass(frozen=True, slots=True)
class Proof:
    """A proposal, run on the shadow beside what it replaces.

    Attributes:
        shown: what holds, a sentence each.
        refuted: what does not hold, a sentence each; nothing of the proposal is ready then.
        untested: what could not be looked at, with the reason.
        migrations: the remedied ones as they ran, with their traces.
        reversal: all of them undone and done again.
    """

    shown: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    migrations: tuple[MigrationPreview, ...] = ()
    reversal: Reversal | None = None

    @property
    def holds(self) -> bool:
        """Everything that was looked at is as it should be."""
        return not self.refuted and bool(self.shown)
