"""Work in other processes: each prepares itself once, results come in the order of the tasks.

The processes are forked from one that is started anew, has no threads and stays for later pools: a
fork of this one would copy the locks of its threads as they happen to be. What all of them need is
loaded there once. They yield to whoever waits for an answer, and end with the process that started
them, however that ends.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread
from types import TracebackType
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")
AHEAD = 2
"""So many tasks wait for each process, so that none is idle while results are kept."""
SECONDS = 1.0
NICENESS = 10
# What this process works with, if it is one of a pool.
_PREPARED: dict[str, Callable[[Any], Any]] = {}


class Pool(Generic[Task, Done]):
    """Processes that each make `prepare(given)` once and work with it."""

    def __init__(
        self,
        workers: int,
        prepare: Callable[[Any], Callable[[Task], Done]],
        given: object,
        needed: Sequence[str] = (),
    ) -> None:
        """Start with the first task; `prepare` is a name of a module, `given` goes to each.

        The modules `needed` are loaded once for all, if this is the first pool.
        """
        self._workers = workers
        context = get_context("forkserver")
        context.set_forkserver_preload([prepare.__module__, *needed])
        self._executor = ProcessPoolExecutor(
            workers, context, initializer=_begin, initargs=(prepare, given)
        )

    def __enter__(self) -> Pool[Task, Done]:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes; what has not begun is left."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def each(
        self, tasks: Iterable[Task], meanwhile: Callable[[], None] = lambda: None
    ) -> Iterator[Done]:
        """Yield what becomes of each task, in their order; `meanwhile` is called while waiting."""
        waiting: deque[Future[Done]] = deque()
        for task in tasks:
            waiting.append(self._executor.submit(_work, task))
            if len(waiting) >= self._workers * AHEAD:
                yield _awaited(waiting.popleft(), meanwhile)
        while waiting:
            yield _awaited(waiting.popleft(), meanwhile)


def _awaited(future: Future[Done], meanwhile: Callable[[], None]) -> Done:
    meanwhile()
    while not wait([future], SECONDS).done:
        meanwhile()
    return future.result()


def _begin(prepare: Callable[[Any], Callable[[Any], Any]], given: object) -> None:
    """Prepare a process of the pool; whoever interrupts the first process speaks to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICENESS)
    _PREPARED["work"] = prepare(given)


def _end_with_parent() -> None:
    # A process that was killed tells nobody: its children would wait for tasks for ever.
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(task: Any) -> Any:  # noqa: ANN401 -- whatever the pool is of
    return _PREPARED["work"](task)
