"""How long the command and the service take to start, and what the service holds in memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

CAIRN = Path(sys.executable).with_name("cairn")
PORT = 8765
ASKED = b"""{"awards": ["passport/pgcert"], "as_of": "2026-06-30",
 "policies": {"conversion": "hours-25", "caps": "trim"},
 "record": {"earned": [
  {"credential": "passport/w", "earned": "2025-06-20"},
  {"credential": "passport/t1", "earned": "2025-06-20"},
  {"credential": "passport/t2", "earned": "2025-06-20"}]}}"""


def main() -> dict[str, float]:
    """Measure, print, and return the figures by name."""
    found = {"cairn --help": _help()}
    with tempfile.TemporaryDirectory() as folder:
        # As `make run` starts it: from the sources as they are.
        inherited = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        environment = {**inherited, "CAIRN_DATABASE": str(Path(folder) / "cairn.db")}
        subprocess.run([CAIRN, "demo", "load"], env=environment, check=True, capture_output=True)
        found |= _service(environment)
    print("starting")
    for name, value in found.items():
        print(f"  {name:38} {value:8.2f} {'MB' if 'memory' in name else 's'}")
    return found


def _help() -> float:
    times = []
    for _ in range(7):
        start = perf_counter()
        subprocess.run([CAIRN, "--help"], check=True, capture_output=True)
        times.append(perf_counter() - start)
    return sorted(times)[len(times) // 2]


def _service(environment: dict[str, str]) -> dict[str, float]:
    start = perf_counter()
    service = subprocess.Popen(
        [CAIRN, "serve", "--port", str(PORT)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while not _ready():
            sleep(0.01)
        found = {"service ready": perf_counter() - start}
        found["memory after start"] = _memory(service.pid)
        # One audit by the fast path, and one that needs the exact path and so loads its solver.
        _post("/v1/evaluate", ASKED.replace(b"trim", b"whole"))
        found["memory after an audit"] = _memory(service.pid)
        _post("/v1/evaluate", ASKED)
        found["memory after the exact path"] = _memory(service.pid)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(10)
    return found


def _ready() -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{PORT}/health/ready", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _post(path: str, body: bytes) -> None:
    request = Request(f"http://127.0.0.1:{PORT}{path}", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        assert answer.status == 200


def _memory(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


if __name__ == "__main__":
    main()
