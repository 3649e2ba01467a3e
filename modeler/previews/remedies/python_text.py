"""Python that a person would have written, out of SQL and pieces of Python."""

from __future__ import annotations

import sys
import textwrap

WIDTH = 84
ROOM = 66  # of a string, behind its indentation and the argument's name


def string(text: str, room: int = ROOM) -> str:
    """Return a string literal; a long one in brackets over several lines."""
    if len(repr(text)) <= room:
        return _quoted(text)
    lines = textwrap.wrap(
        text, room - 6, break_long_words=False, break_on_hyphens=False, drop_whitespace=False,
        expand_tabs=False, replace_whitespace=False,
    )  # fmt: skip
    return "(\n" + "\n".join(f"    {_quoted(line)}" for line in lines) + "\n)"


def call(name: str, *arguments: tuple[str, str]) -> str:
    """Return a call with an argument a line."""
    lines = ",\n".join(f"{key}={value}" if key else value for key, value in arguments)
    return f"{name}(\n{textwrap.indent(lines, '    ')},\n)"


def listed(items: tuple[str, ...]) -> str:
    """Return a list with an item a line; an item may begin with comments."""
    if not items:
        return "[]"
    return "[\n" + "".join(f"{textwrap.indent(item, '    ')},\n" for item in items) + "]"


def commented(text: str, why: str) -> str:
    """Return Python with a comment above it."""
    if not why:
        return text
    return "\n".join([*(f"# {line}" for line in textwrap.wrap(why, WIDTH)), text])


def import_lines(lines: tuple[str, ...]) -> str:
    """Return imports, the standard library's before all others, those of one module together."""
    plain: set[str] = set()
    members: dict[str, set[str]] = {}
    for line in lines:
        words = line.split(" ", 3)
        if words[0] == "import":
            plain.add(line)
        else:
            members.setdefault(words[1], set()).update(
                part.strip() for part in words[3].split(",")
            )
    texts = sorted(plain)
    for module, names in sorted(members.items()):
        texts.append(f"from {module} import {', '.join(sorted(names))}")
    own = [text for text in texts if text.split()[1].partition(".")[0] in sys.stdlib_module_names]
    rest = [text for text in texts if text not in own]
    return "\n\n".join("\n".join(group) for group in (own, rest) if group)


def _quoted(text: str) -> str:
    """Return a literal, in double quotes where that needs no more escapes."""
    if '"' in text or "\\" in text or "\n" in text:
        return repr(text)
    return f'"{text}"'
