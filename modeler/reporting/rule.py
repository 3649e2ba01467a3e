"""Rules: one small class each, registered with its page of documentation."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

from modeler.errors import ConfigurationError
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level, Place, Remedy

PAGE_HEADINGS = ("Problem", "Why", "Fix", "When to ignore")


class Rule(ABC):
    """A rule.

    Class attributes:
        code: two capital letters and three digits; never used again once given away.
        slug: name of the rule, of its file and of its page.
        title: one line for lists.
        level: of the findings, unless one says otherwise.
        hint: the usual next step; starts with a verb.
        since, until: server major versions it applies to, both inclusive; None: no limit.
        needs: what ``check`` reads; the context hands over nothing else.
    """

    code: ClassVar[str]
    slug: ClassVar[str]
    title: ClassVar[str]
    level: ClassVar[Level]
    hint: ClassVar[str] = ""
    since: ClassVar[int | None] = None
    until: ClassVar[int | None] = None
    needs: ClassVar[frozenset[Need]] = frozenset()

    @abstractmethod
    def check(self, context: Context) -> Iterable[Finding]:
        """Yield what the rule finds in what it declared to need."""

    def finding(
        self,
        subject: str,
        message: str,
        *,
        level: Level | None = None,
        hint: str | None = None,
        place: Place | None = None,
        evidence: tuple[tuple[str, str], ...] = (),
        remedy: Remedy | None = None,
    ) -> Finding:
        """Make a finding of this rule."""
        return Finding(
            code=self.code,
            level=level or self.level,
            subject=subject,
            message=message,
            hint=self.hint if hint is None else hint,
            place=place,
            evidence=evidence,
            remedy=remedy,
            docs=self.slug,
        )

    def applies_to(self, server_version: int | None) -> bool:
        """Tell whether the rule speaks of that major version; an unknown one is not excluded."""
        if server_version is None:
            return True
        return (self.since or 0) <= server_version and (
            self.until is None or server_version <= self.until
        )


R = TypeVar("R", bound=type[Rule])


class RuleRegistry:
    """The rules of one room.

    Args:
        prefix: the two capital letters that the room's codes begin with.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._rules: dict[str, Rule] = {}

    def register(self, cls: R) -> R:
        """Register a rule class; for use as a decorator.

        Raises:
            ConfigurationError: the code is malformed or taken, or the page is missing or lacks
                one of its four parts.
        """
        if not re.fullmatch(rf"{self.prefix}\d{{3}}", cls.code):
            raise ConfigurationError(
                f"The code {cls.code!r} of {cls.__name__} is not {self.prefix} and three digits."
            )
        taken = next(
            (r for r in self._rules.values() if cls.code == r.code or cls.slug == r.slug), None
        )
        if taken is not None:
            raise ConfigurationError(
                f"{cls.__name__} repeats the code or slug of {type(taken).__name__} "
                f"({taken.code}, {taken.slug})."
            )
        page = page_of(cls)
        if not page.is_file():
            raise ConfigurationError(
                f"{cls.code} has no page: write {page.name} beside {cls.__module__}."
            )
        missing = [h for h in PAGE_HEADINGS if f"\n## {h}\n" not in page.read_text("utf-8")]
        if missing:
            raise ConfigurationError(f"The page of {cls.code} lacks the part {missing[0]!r}.")
        self._rules[cls.code] = cls()
        return cls

    def __iter__(self) -> Iterator[Rule]:
        return iter(sorted(self._rules.values(), key=lambda rule: rule.code))

    def __len__(self) -> int:
        return len(self._rules)


def page_of(cls: type[Rule]) -> Path:
    """Return the path of a rule's page: ``<slug>.md`` beside the rule's file."""
    return Path(inspect.getfile(cls)).with_name(f"{cls.slug}.md")
