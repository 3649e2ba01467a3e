"""The small Markdown of the rules' pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.previews.hazards.rules import all_hazards
from modeler.reporting.rule import page_of
from modeler.web.markdown import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("# One\n\nWords\ngo on.", "<h2>One</h2>\n<p>Words go on.</p>"),
        ("##### Deep", "<h6>Deep</h6>"),
        ("Words\n## Two", "<p>Words</p>\n<h3>Two</h3>"),
        ("#nothing", "<p>#nothing</p>"),
        (
            "- one\n- two\n  goes on\n\nAfter.",
            "<ul><li>one</li><li>two goes on</li></ul>\n<p>After.</p>",
        ),
        ("1. one\n\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("- one\n1. two", "<ul><li>one</li></ul>\n<ol><li>two</li></ol>"),
        (
            "```python\na < b\n\n# c\n```\nAfter.",
            "<pre><code>a &lt; b\n\n# c</code></pre>\n<p>After.</p>",
        ),
        ("```\nnever closed", "<pre><code>never closed</code></pre>"),
        (
            "    SELECT 1;\n\n      more\nAfter.",
            "<pre><code>SELECT 1;\n\n  more</code></pre>\n<p>After.</p>",
        ),
        ("Use `a < b` and ``c ` d``.", "<p>Use <code>a &lt; b</code> and <code>c ` d</code>.</p>"),
        (
            "`**no**` **yes** *so* 2 * 3 * 4",
            "<p><code>**no**</code> <strong>yes</strong> <em>so</em> 2 * 3 * 4</p>",
        ),
        ("[a](https://x.org/?a=1&b=2)", '<p><a href="https://x.org/?a=1&amp;b=2">a</a></p>'),
        ("[**a**](known)", '<p><a href="/known/"><strong>a</strong></a></p>'),
        ("[a](unknown)", "<p>a</p>"),
        ("[a](javascript:alert)", "<p>a</p>"),
        ('[a](https://x.org/"onclick=1)', '<p><a href="https://x.org/&quot;onclick=1">a</a></p>'),
        ("<b>no</b> & <!-- x -->", "<p>&lt;b&gt;no&lt;/b&gt; &amp; &lt;!-- x --&gt;</p>"),
        ("<script>\n\n</script>", "<p>&lt;script&gt;</p>\n<p>&lt;/script&gt;</p>"),
    ],
)
def test_what_is_written(text, html):
    assert to_html(text, lambda target: "/known/" if target == "known" else "") == html


OWN = re.compile(
    r'</?(?:h[2-6]|p|ul|ol|li|pre|code|strong|em)>|<a href="(?:https://|/)[^"<>]*">|</a>'
)


@given(st.text(alphabet=st.sampled_from("ab <>&\"'`*#-1.[]()\n/:https")))
def test_no_html_passes_through(text):
    html = to_html(text, lambda target: "/x/")
    assert not re.search("[<>]", OWN.sub("", html))


def test_the_pages_of_the_rules_hold_nothing_else():
    for rule in all_hazards():
        html = to_html(page_of(type(rule)).read_text("utf-8"), lambda target: "/rule/")
        left = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
        assert not re.search(r"`|\*\*|\]\(|^\s*[|>]", left, re.MULTILINE), rule.code
