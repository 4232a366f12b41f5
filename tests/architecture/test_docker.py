"""The image keeps its promises, as far as can be seen without a container engine."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.architecture.image import compose_faults, dockerfile_faults, read_dockerfile
from tests.architecture.tree import ROOT

DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()
DOCKERIGNORE = (ROOT / ".dockerignore").read_text()
COMPOSE = (ROOT / "docker/compose.yaml").read_text()
FINAL_STAGE = read_dockerfile(DOCKERFILE)[-1]


def _compose(text: str) -> Any:  # noqa: ANN401 - the shape is what is being checked
    return YAML(typ="safe").load(text)


def test_the_dockerfile_is_sound() -> None:
    assert dockerfile_faults(DOCKERFILE, DOCKERIGNORE) == []


def test_the_compose_file_is_sound() -> None:
    assert compose_faults(_compose(COMPOSE), FINAL_STAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("COPY rules rules", "COPY rulez rules", "`rulez` is copied and does not exist"),
        ("COPY rules rules", "COPY tests t", "`tests` is copied and kept out by .dockerignore"),
        ("--require-hashes --requirement build", "-r build", "installs what no lock names"),
        ("--no-deps --require-hashes", "--require-hashes", "installs what no lock names"),
        ("USER 10001:10001", "USER cairn", "the user is not a fixed number above zero"),
        ("USER 10001:10001\n", "", "USER is missing"),
        ("EXPOSE 8000", "EXPOSE 80", "port 8000 is not exposed"),
        ("VOLUME /var/lib/cairn", "VOLUME /srv", "there is no volume for the database"),
        ("/health/ready", "/", "readiness is not checked with Python"),
        ("groupadd", "apt-get install gcc && groupadd", "a build tool is in the final stage"),
        ('docker/start"]', 'docker/begin"]', "what the image starts is not there"),
        ("requirements.lock\nCOPY", "requirements-dev.lock\nCOPY", "only developers need"),
    ],
)
def test_a_fault_in_the_dockerfile_is_found(old: str, new: str, fault: str) -> None:
    assert old in DOCKERFILE
    faults = dockerfile_faults(DOCKERFILE.replace(old, new), DOCKERIGNORE)
    assert any(found.endswith(fault) for found in faults), faults


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("read_only: true", "read_only: false", "the root file system can be written"),
        ("- ALL", "- NET_RAW", "capabilities are kept"),
        ("- /tmp", "- /run", "the temporary folder is on disk"),
        ("- no-new-privileges:true", "- label:none", "privileges can grow"),
        (':8000"', ':80"', "the port is another"),
        ("records:/var/lib/cairn", "./x:/var/lib/cairn", "the volume is another"),
        ("docker/Dockerfile", "Dockerfile", "the image is built from another file"),
        ("pids_limit", "pid_limit", "a key is unknown"),
    ],
)
def test_a_fault_in_the_compose_file_is_found(old: str, new: str, fault: str) -> None:
    assert old in COMPOSE
    assert compose_faults(_compose(COMPOSE.replace(old, new)), FINAL_STAGE) == [fault]


def test_a_build_that_lets_everything_through_is_found() -> None:
    found = dockerfile_faults(DOCKERFILE, "")
    assert "`.git/HEAD` reaches the build" in found
    assert "`tests/conftest.py` reaches the build" in found
