"""The trace's page in a real browser: it runs without complaint, fits, finds, highlights, and prints."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sekisho.tracing.case import Method
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.flow import flow_of
from sekisho.tracing.report.page import show_page
from support.browser import chromium
from support.cases import laundering, small_case


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def large() -> Dossier:
    """By one method alone: the page is large enough."""
    told = laundering(3600).trace(Method.HAIRCUT)
    return Dossier(told, (), {})


@pytest.fixture(scope="module")
def large_page(large: Dossier) -> bytes:
    return show_page(large)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, case = request.param
    file = tmp_path / "report.html"
    file.write_bytes(request.getfixturevalue("large_page") if case is None else show_page(case.dossier(Method.HAIRCUT)))
    page = browser.new_page(viewport={"width": width, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if asked.url != file.as_uri() else None)
    page.goto(file.as_uri())
    yield page
    page.close()
    assert said == []  # nothing was blocked, loaded or thrown


HOSTILE = small_case(label="</script><img src=x onerror=alert(1)>", service="\u202e<b>bank</b>")
small = pytest.mark.parametrize(
    "opened", [(1280, small_case()), (390, small_case())], indirect=True, ids=["wide", "phone"]
)


@pytest.mark.parametrize(
    "opened",
    [(1280, small_case()), (390, small_case()), (390, HOSTILE), (1280, None), (390, None)],
    indirect=True,
    ids=["wide", "phone", "hostile", "large wide", "large phone"],
)
def test_nothing_stands_out_of_the_page(opened: Page):
    width = opened.evaluate("document.documentElement.clientWidth")
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    assert opened.locator("#canvas circle.node").count() > 5


@small
def test_pressing_an_end_shows_the_path_from_the_theft(opened: Page):
    opened.locator("circle.service").click()
    rows = opened.locator("#steps tr")
    assert rows.count() == 4
    assert "theft" in rows.first.inner_text()
    assert "Example Exchange" in rows.last.inner_text()
    assert opened.locator("path.edge.on").count() == 3
    assert opened.locator("path.edge.dim").count() > 0


@small
def test_an_address_is_found(opened: Page):
    address = opened.locator("#where .place").first.inner_text()
    opened.fill("#find", address)
    opened.press("#find", "Enter")
    assert opened.locator("#found").inner_text() == "1 of 1"
    assert opened.locator("circle.node.hit").count() == 1


@pytest.mark.parametrize("opened", [(1280, None)], indirect=True, ids=["large"])
def test_five_thousand_edges_are_folded_unfolded_and_searched(opened: Page, large: Dossier):
    flow = flow_of(large.told)
    assert len(flow.edges) > 5000
    assert opened.locator("circle.node").count() < 150
    opened.click("#unfold")
    assert opened.locator("#canvas circle.node").count() == len(flow.nodes)
    opened.click("#fold")
    wanted = next(node.name for node in reversed(flow.nodes) if node.end and node.end.outpoint)
    opened.fill("#find", wanted)
    opened.press("#find", "Enter")
    there = sum(node.name == wanted for node in flow.nodes)  # twice, where a part of it is by convention only
    assert opened.locator("#found").inner_text() == f"1 of {there}"
    assert opened.locator("circle.node.hit").count() > 0


@small
def test_it_prints_whole_short_or_one_path_only(opened: Page):
    opened.evaluate("window.print = () => {}")
    whole = opened.pdf()
    assert whole.startswith(b"%PDF")
    opened.click("#print-short")
    short = opened.pdf()
    assert 0 < _pages(short) <= _pages(whole)
    opened.evaluate("window.dispatchEvent(new Event('afterprint'))")
    opened.locator("circle.service").click()
    opened.click("#print-path")
    assert _pages(opened.pdf()) <= 2


def test_without_scripts_tables_remain(browser: Browser, tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_bytes(show_page(small_case().dossier()))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert not page.locator("#canvas").is_visible()
    page.locator("#flow summary").click()
    assert page.locator("#flow details tbody tr").count() == len(flow_of(small_case().trace(Method.FIFO)).edges)
    page.locator("#hop-2 summary").click()
    assert page.locator("#hop-2 tbody tr").first.is_visible()
    context.close()


def _pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page") - pdf.count(b"/Type /Pages")
