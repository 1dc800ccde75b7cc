"""What the tests share: the built site, served on this machine, and a real browser to look at it."""

import os
from pathlib import Path

import pytest

from tests.site_visits import served
from tools import browser as browsers

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = pytest.StashKey[str]()

# Not tests: doctest need not import them.
collect_ignore = ["bench"]


def pytest_addoption(parser):
    parser.addoption("--site", metavar="FOLDER", help="the built site to test (default: _build/html)")


def pytest_terminal_summary(terminalreporter, config):
    if config.stash.get(LEFT_OUT, None):
        terminalreporter.section("LEFT OUT", red=True, bold=True)
        terminalreporter.line(config.stash[LEFT_OUT])


@pytest.fixture(scope="session")
def built_site(pytestconfig):
    """The folder of the built site."""
    chosen = pytestconfig.getoption("--site")
    site = Path(chosen) if chosen else ROOT / "_build" / "html"
    # The record is written when a build has succeeded, and only then.
    if not (site / "index.html").exists() or not (chosen or site.with_suffix(".json").exists()):
        pytest.fail(f"{site} holds no finished book: run `make html` first")
    return site


@pytest.fixture(scope="session")
def site_url(built_site):
    """The address of the built site, without a slash at the end, on a free port of this machine."""
    with served(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def browser_program(pytestconfig):
    """The path of a Chromium or Chrome."""
    program = os.environ.get("BOOK_BROWSER") or browsers.find()
    if not program:
        words = "every test that needs a browser: install Chromium or Chrome, or run them through `make test`"
        if os.environ.get("CI") == "true":
            pytest.fail(f"nothing may be left out here, but this would be: {words}")
        pytestconfig.stash[LEFT_OUT] = words
        pytest.skip("no Chromium or Chrome on this machine")
    return program


@pytest.fixture(scope="session")
def browser(browser_program):
    """A running Chromium, driven by Playwright; each test opens its own context in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_program, args=browsers.flags())
        yield chromium
        chromium.close()
