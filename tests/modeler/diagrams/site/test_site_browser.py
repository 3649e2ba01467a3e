"""The site in Chromium, from a folder: search, links, both themes, no refused resource."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modeler.diagrams.site.folder import write_site
from modeler.diagrams.site.pages import pages_of
from modeler.schema.registry import read_registry
from tests.parts import require_part


@pytest.mark.browser
def test_search_links_and_themes_from_a_folder(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    require_part("chromium", chromium)
    playwright = pytest.importorskip("playwright.sync_api")
    write_site(pages_of(read_registry()), tmp_path / "site")
    home = (tmp_path / "site" / "index.html").as_uri()
    said: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        backs = []
        for theme in ("light", "dark"):
            page = browser.new_context(color_scheme=theme).new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(home)
            backs.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            assert page.locator("#all dt").count() > 40

            page.get_by_role("searchbox").fill("post slug")
            assert page.locator("#results a").first.text_content() == "blog.Post.slug"
            assert page.locator("#all").is_hidden()
            page.get_by_role("searchbox").fill("zzz")
            assert page.locator("#count").text_content() == "Nothing says that."

            page.get_by_role("searchbox").fill("account email")
            page.keyboard.press("Enter")
            page.wait_for_url("**/tables/blog.Account.html#column-email")
            page.locator("svg a[href='../tables/blog.Post.html']").first.click()
            page.wait_for_url("**/tables/blog.Post.html")
            box = page.locator("#table-blog\\.Post .c-box").evaluate(
                "e => getComputedStyle(e).fill"
            )
            assert box == backs[-1]

            page.get_by_role("searchbox").fill("help categ")
            page.keyboard.press("Enter")
            page.wait_for_url("**/index.html?q=help+categ")
            assert page.get_by_role("searchbox").input_value() == "help categ"
        browser.close()
    assert backs[0] == "rgb(255, 255, 255)" and backs[1] != backs[0]
    assert said == []
