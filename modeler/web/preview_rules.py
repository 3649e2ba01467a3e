"""The pages of the rules of migrations."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.errors import UnknownName
from modeler.previews.hazards.rules import all_hazards
from modeler.reporting.rule import Rule, page_of
from modeler.web.access import page
from modeler.web.markdown import to_html
from modeler.web.render import render_page


class RuleCodeConverter:
    """Takes what a code looks like, so that an app called ``rules`` keeps its migrations."""

    regex = r"[A-Za-z]{2}[0-9]{3}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


@cache
def rules_by_code() -> dict[str, Rule]:
    """Return the rules of migrations."""
    return {rule.code: rule for rule in all_hazards()}


@page(permissions.READ)
def rules(request: HttpRequest) -> HttpResponse:
    return render_page(
        request,
        "preview_rules.html",
        title=_("Rules of migrations"),
        rules=list(rules_by_code().values()),
    )


@page(permissions.READ)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    known = rules_by_code()
    found = known.get(code)
    if found is None:
        return render_page(
            request, "unknown.html", title=_("Not found"), status=404,
            unknown=UnknownName("rule", code, known, hint=_("The list of rules has them all.")),
        )  # fmt: skip
    return render_page(
        request,
        "preview_rule.html",
        title=f"{found.code}: {found.title}",
        rule=found,
        text=_text(code),
    )


@cache
def _text(code: str) -> SafeString:
    """Return a rule's page without its title, which the frame shows."""
    text = page_of(type(rules_by_code()[code])).read_text("utf-8")
    lines = text.splitlines()
    if lines and lines[0].startswith("# "):
        text = "\n".join(lines[1:])
    return to_html(text, _address, top=1)


def _address(target: str) -> str:
    """Return where a link from a rule's page to the page of another leads."""
    slug = target.partition("#")[0].removesuffix(".md")
    for rule in rules_by_code().values():
        if slug in {rule.slug, rule.code}:
            return reverse("modeler:rule", args=[rule.code])
    return ""
