"""The page on a first rule, followed word for word."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.test_cli import ROOT, cairn

PAGE = (ROOT / "docs" / "first-rule.md").read_text()
FILES = re.compile(r"^`(packs/[^`]+)`[^\n]*\n\n```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_page_on_a_first_rule_does_what_it_says(tmp_path: Path) -> None:
    for path, text in FILES.findall(PAGE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (commands,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    said = []
    for line in commands.splitlines():
        words = [str(tmp_path / one) if one.startswith("packs") else one for one in line.split()]
        done = cairn(*words[1:])
        assert (done.returncode, done.stderr) == (0, b"")
        said.append(done.stdout.decode())
    assert said[0] == "1 rule file: 0 errors, 0 warnings\n"
    assert said[1] == "2 passed, 0 failed\n"
    assert f"```text\n{said[-1]}```" in PAGE
