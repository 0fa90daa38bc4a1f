"""Carrying out tasks in this process or in several, in order and without taking many ahead."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass
class Workers:
    """Carries out tasks in order, here or in several processes; results come in the order of the tasks."""

    jobs: int

    def map(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task; with several processes, few tasks are taken ahead, to keep memory flat."""
        if self.jobs <= 1:
            yield from map(work, tasks)
            return
        waiting: list[Future[Result]] = []
        stream = iter(tasks)
        with ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn")) as pool:
            try:
                waiting += [pool.submit(work, task) for task in islice(stream, self.jobs + 1)]
                while waiting:
                    yield waiting.pop(0).result()
                    waiting += [pool.submit(work, task) for task in islice(stream, 1)]
            finally:
                for future in waiting:
                    future.cancel()
