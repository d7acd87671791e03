"""What the documents say is what the code has."""

import re
from pathlib import Path

from server_ext.audit.events import Action
from server_ext.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_action_of_the_log_is_documented() -> None:
    text = (ROOT / "docs/audit.md").read_text()
    documented = set(re.findall(r"`([a-z]+\.[a-z]+)`", text.split("## Actions")[1]))
    assert documented == set(Action)


def test_every_setting_is_documented_where_it_is_read() -> None:
    module = (ROOT / "server_ext/settings.py").read_text()
    table = set(re.findall(r"^``([A-Z_]+)``", module, re.MULTILINE))
    read = set(re.findall(r'environment(?:\.get\(|, )"([A-Z_]+)"', module)) - {"HOME"}
    assert table == read
    assert Settings.from_environment({"HOME": "/"})


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_readmes_prompt_and_seed_are_those_of_the_demo() -> None:
    from server_ext.cli.demo import DEMO_PROMPT, DEMO_SEED

    readme = " ".join((ROOT / "README.md").read_text().split())
    assert DEMO_PROMPT in readme
    assert f"seed {DEMO_SEED}" in readme
