"""What the Dockerfile, the compose file and .dockerignore say, and what is wrong with it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from tests.architecture.tree import ROOT

KEPT_OUT = (".git/HEAD", ".venv/bin/python", "tests/conftest.py", "app/__pycache__/x.pyc", "x.db")
BUILD_TOOLS = re.compile(r"\b(pip3? install|apt-get|apt |gcc|make|uv |hatch)")
SERVICE_KEYS = {
    *("build", "image", "init", "restart", "ports", "volumes", "environment", "depends_on"),
    *("read_only", "tmpfs", "cap_drop", "security_opt", "pids_limit", "mem_limit", "healthcheck"),
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a Dockerfile, its continued lines joined."""

    word: str
    value: str

    @property
    def words(self) -> list[str]:
        """The value, by words or as the JSON list that it is, without leading options."""
        value = re.sub(r"^(--\S+\s+)+", "", self.value)
        return list(json.loads(value)) if value.startswith("[") else value.split()


def read_dockerfile(text: str) -> list[list[Instruction]]:
    """The instructions of a Dockerfile, stage by stage."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    stages: list[list[Instruction]] = []
    for line in joined:
        word, _, value = line.partition(" ")
        if word == "FROM":
            stages.append([])
        stages[-1].append(Instruction(word, value.strip()))
    return stages


def let_through(path: str, dockerignore: str) -> bool:
    """Whether a file reaches the build; as in Docker, the last pattern that fits decides."""
    kept = True
    for line in dockerignore.splitlines():
        pattern = line.removeprefix("!")
        if pattern and not line.startswith("#") and _fits(path, pattern):
            kept = line.startswith("!")
    return kept


def _fits(path: str, pattern: str) -> bool:
    parts = path.split("/")
    prefixes = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    if pattern.startswith("**/"):
        return any(fnmatch(part, pattern[3:]) for part in parts)
    depth = pattern.count("/")
    return any(prefix.count("/") == depth and fnmatch(prefix, pattern) for prefix in prefixes)


def copied(stages: Sequence[Sequence[Instruction]]) -> list[str]:
    """What a Dockerfile takes from the build context."""
    copies = [one for stage in stages for one in stage if one.word == "COPY"]
    return [name for one in copies if "--from" not in one.value for name in one.words[:-1]]


def dockerfile_faults(text: str, dockerignore: str) -> list[str]:
    """What is wrong with a Dockerfile, each fault as a sentence."""
    stages = read_dockerfile(text)
    return [
        *_copy_faults(copied(stages), dockerignore),
        *_install_faults([one.value for stage in stages for one in stage if one.word == "RUN"]),
        *_final_stage_faults(stages[-1]),
    ]


def _copy_faults(names: Sequence[str], dockerignore: str) -> Iterator[str]:
    for name in names:
        if not (ROOT / name).exists():
            yield f"`{name}` is copied and does not exist"
        if not let_through(name, dockerignore):
            yield f"`{name}` is copied and kept out by .dockerignore"
    yield from (
        f"`{name}` reaches the build" for name in KEPT_OUT if let_through(name, dockerignore)
    )


def _install_faults(commands: Sequence[str]) -> Iterator[str]:
    for command in commands:
        for part in command.split("&&"):
            locked = "--no-deps" in part and ("--require-hashes" in part or ".whl" in part)
            if "pip" in part and " install " in part and not locked:
                yield f"`{part.strip()}` installs what no lock names"
        if "requirements-dev.lock" in command:
            yield "the image installs what only developers need"


def _final_stage_faults(stage: Sequence[Instruction]) -> Iterator[str]:
    said = {one.word: one for one in stage}
    missing = {"USER", "EXPOSE", "VOLUME", "ENV", "HEALTHCHECK", "ENTRYPOINT"} - set(said)
    if missing:
        yield from (f"{word} is missing" for word in sorted(missing))
        return
    runs = [one.value for one in stage if one.word == "RUN"]
    health, program = said["HEALTHCHECK"].value, said["ENTRYPOINT"].words[0]
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"].value):
        yield "the user is not a fixed number above zero"
    if said["EXPOSE"].value != "8000":
        yield "port 8000 is not exposed"
    if f"CAIRN_DATABASE={said['VOLUME'].value}/" not in said["ENV"].value:
        yield "there is no volume for the database"
    if "/health/ready" not in health or '["python"' not in health:
        yield "readiness is not checked with Python"
    if any(BUILD_TOOLS.search(run) for run in runs):
        yield "a build tool is in the final stage"
    if not os.access(ROOT / program.removeprefix("/srv/cairn/"), os.X_OK):
        yield "what the image starts is not there"


def compose_faults(compose: Mapping[str, Any], final_stage: Sequence[Instruction]) -> list[str]:
    """What is wrong with a compose file for an image whose last stage is given."""
    said = {one.word: one.value for one in final_stage}
    volumes = compose.get("volumes", {})
    return [
        fault
        for service in compose["services"].values()
        for fault, holds in {
            "a key is unknown": set(service) <= SERVICE_KEYS,
            "the image is built from another file": _builds_from_here(service["build"]),
            "the root file system can be written": service.get("read_only") is True,
            "the temporary folder is on disk": service.get("tmpfs") == ["/tmp"],  # noqa: S108
            "capabilities are kept": service.get("cap_drop") == ["ALL"],
            "privileges can grow": "no-new-privileges:true" in service.get("security_opt", []),
            "the port is another": [p.split(":")[-1] for p in service["ports"]] == [said["EXPOSE"]],
            "the volume is another": service.get("volumes")
            == [f"{name}:{said['VOLUME']}" for name in volumes],
        }.items()
        if not holds
    ]


def _builds_from_here(build: Mapping[str, str]) -> bool:
    context = (ROOT / "docker" / build["context"]).resolve()
    return context == ROOT and (context / build["dockerfile"]).is_file()
