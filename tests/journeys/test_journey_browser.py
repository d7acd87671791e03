"""The studio driven in a real Chromium, as an analyst would."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server_ext.ops.session import GatewaySession

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = """async () => {
  const app = window.jupyterapp;
  const panel = [...app.shell.widgets('main')].find(widget => widget.context);
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(420),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, shared_gateway: GatewaySession, artefacts: Path) -> Iterator[Page]:
    """The studio notebook alone on the screen; fails where any request left this machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 1500})
    page = context.new_page()
    elsewhere: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost"):
            elsewhere.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))
    page.goto(f"{shared_gateway.url}/doc/tree/01_studio.ipynb", timeout=120_000)
    page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell", timeout=120_000)
    page.wait_for_function(
        "() => [...window.jupyterapp.shell.widgets('main')].some(widget => widget.context)", timeout=120_000
    )
    page.evaluate(READY)
    yield page
    context.close()
    assert elsewhere == []


def test_an_analyst_generates_looks_and_signs(page: Page, artefacts: Path) -> None:
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    studio = page.locator(".pacai-studio")
    expect(studio).to_be_visible(timeout=60_000)
    studio.get_by_label("Prompt").fill("Company attack on a defended bridge at dawn, rain, enemy drones")
    studio.get_by_label("Seed").fill("11")
    studio.get_by_role("button", name="Generate").click()
    expect(studio.get_by_text("Digest")).to_be_visible(timeout=120_000)
    expect(studio.locator(".leaflet-image-layer")).to_be_visible(timeout=60_000)
    expect(studio.locator(".pacai-unit").nth(9)).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1000)
    page.screenshot(path=artefacts / "studio.png")
    for tab in ("Findings", "ORBAT", "MSEL", "OPORD"):
        studio.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(200)
        page.screenshot(path=artefacts / f"studio-{tab.lower()}.png")
    expect(studio.get_by_text("1. Situation")).to_be_visible()
    studio.get_by_role("button", name="Export and sign").click()
    expect(studio.get_by_text("ssh-keygen -Y verify")).to_be_visible(timeout=120_000)
    page.screenshot(path=artefacts / "studio-signed.png")


def test_a_bad_seed_is_said_in_place(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    studio = page.locator(".pacai-studio")
    expect(studio).to_be_visible(timeout=60_000)
    studio.get_by_label("Seed").fill("minus one")
    studio.get_by_role("button", name="Generate").click()
    expect(studio.get_by_role("alert")).to_contain_text("whole number", timeout=30_000)
    assert page.get_by_text("Traceback").count() == 0
