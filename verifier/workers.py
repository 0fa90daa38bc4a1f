"""Carrying out tasks in this process or in several, in order and without taking many ahead."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from types import TracebackType
from typing import Self, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers:
    """Some processes, started when they are first needed; results come in the order of the tasks."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, work: Callable[[Task], Result], tasks: Iterable[Task], here: bool = False) -> Iterator[Result]:
        """Yield the result of each task. With `here`, or with one job, no other process is used.

        With several processes only one task more than processes is taken ahead, to keep memory flat.
        """
        if here or self.jobs <= 1:
            yield from map(work, tasks)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"))
        stream = iter(tasks)
        waiting: list[Future[Result]] = [self._pool.submit(work, task) for task in islice(stream, self.jobs + 1)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [self._pool.submit(work, task) for task in islice(stream, 1)]
