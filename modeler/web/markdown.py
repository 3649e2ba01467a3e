"""Our own pages in Markdown as HTML: headings, paragraphs, code, lists, links; nothing else.

Everything is escaped first, so that no HTML passes through: what is no Markdown of this subset
is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

HEADING = re.compile(r"(#{1,6}) +(.*)")
FENCE = re.compile(r"```")
BULLET = re.compile(r"[-*+] +")
NUMBER = re.compile(r"\d+[.)] +")
CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
# What a quote or an angle bracket was is escaped already, so that it can end no attribute.
LINK = re.compile(r"\[([^\]]+)\]\(([^()\s]+)\)")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)(.+?)(?<=\S)\*(?![\w*])")

Address = Callable[[str], str]


def to_html(text: str, address: Address = lambda target: "", *, top: int = 2) -> SafeString:
    """Return a page as HTML.

    Args:
        text: Markdown.
        address: where a link that is no ``https://`` leads, ``""`` for nowhere: its text is
            shown then.
        top: level of the first heading, so that it fits below the page's own.
    """
    return mark_safe("\n".join(_blocks(text.splitlines(), address, top - 1)))


def _blocks(lines: list[str], address: Address, deeper: int) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif heading := HEADING.fullmatch(line.strip()):
            level = min(6, len(heading[1]) + deeper)
            yield f"<h{level}>{_inline(heading[2], address)}</h{level}>"
            at += 1
        elif FENCE.match(line):
            code, at = _until(lines, at + 1, lambda each: bool(FENCE.match(each)))
            yield _code(code)
            at += 1
        elif line.startswith("    "):
            code, at = _until(lines, at, lambda each: bool(each.strip()) and each[:4] != "    ")
            yield _code([each[4:] for each in code])
        elif BULLET.match(line) or NUMBER.match(line):
            items, at = _items(lines, at)
            kind = "ul" if BULLET.match(line) else "ol"
            inner = "".join(f"<li>{_inline(item, address)}</li>" for item in items)
            yield f"<{kind}>{inner}</{kind}>"
        else:
            words, at = _until(lines, at, _ends_paragraph, least=1)
            yield f"<p>{_inline(' '.join(map(str.strip, words)), address)}</p>"


def _ends_paragraph(line: str) -> bool:
    return not line.strip() or bool(
        HEADING.fullmatch(line.strip())
        or FENCE.match(line)
        or BULLET.match(line)
        or NUMBER.match(line)
    )


def _until(
    lines: list[str], at: int, ends: Callable[[str], bool], *, least: int = 0
) -> tuple[list[str], int]:
    """Return the lines from a position until one ends them, and its position."""
    end = at + least
    while end < len(lines) and not ends(lines[end]):
        end += 1
    return lines[at:end], end


def _items(lines: list[str], at: int) -> tuple[list[str], int]:
    """Return the items of a list; indented lines, and those that follow at once, go on."""
    mark = BULLET if BULLET.match(lines[at]) else NUMBER
    items: list[str] = []
    while at < len(lines):
        line = lines[at]
        if found := mark.match(line):
            items.append(line[found.end() :])
        elif line.strip() and (line[0] == " " or not _ends_paragraph(line)):
            items[-1] += " " + line.strip()
        elif not line.strip() and at + 1 < len(lines) and mark.match(lines[at + 1]):
            pass  # a loose list
        else:
            break
        at += 1
    return items, at


def _code(lines: list[str]) -> str:
    return "<pre><code>" + escape("\n".join(lines).rstrip()) + "</code></pre>"


def _inline(text: str, address: Address) -> str:
    found, at = [], 0
    for code in CODE.finditer(text):
        found.append(_words(text[at : code.start()], address))
        found.append(f"<code>{escape(code[2].strip())}</code>")
        at = code.end()
    return "".join(found) + _words(text[at:], address)


def _words(text: str, address: Address) -> str:
    def link(match: re.Match[str]) -> str:
        # The text was escaped before; an address is compared as it was written.
        target = unescape(match[2])
        where = target if target.startswith("https://") else address(target)
        return f'<a href="{escape(where)}">{match[1]}</a>' if where else match[1]

    text = LINK.sub(link, escape(text))
    return EMPHASIS.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", text))
