"""Interleaved rounds: the contenders take turns, so that a noisy machine is as noisy for each."""

import threading
import time
from collections.abc import Callable, Mapping
from statistics import median

Seconds = list[float]


def interleaved(contenders: Mapping[str, Callable[[], Seconds]], rounds: int) -> dict[str, list[Seconds]]:
    """Run each contender once a round, in turn; each gives the durations of what it did."""
    found: dict[str, list[Seconds]] = {name: [] for name in contenders}
    for contender in contenders.values():
        contender()  # warm
    for _ in range(rounds):
        for name, contender in contenders.items():
            found[name].append(contender())
    return found


def timed(act: Callable[[], object], times: int) -> Seconds:
    """How long each call took."""
    durations = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        durations.append(time.perf_counter() - begun)
    return durations


def together(acts: list[Callable[[], Seconds]]) -> tuple[Seconds, float]:
    """Run acts in as many threads, let go at once: every duration, and how long all took."""
    barrier, found = threading.Barrier(len(acts) + 1), [Seconds() for _ in acts]

    def run(number: int) -> None:
        barrier.wait()
        found[number] = acts[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return [one for durations in found for one in durations], time.perf_counter() - begun


def typical(rounds: list[Seconds]) -> float:
    """The median of the medians of the rounds, in seconds."""
    return median(median(one) for one in rounds)


def percentile(durations: Seconds, hundredths: int) -> float:
    ranked = sorted(durations)
    return ranked[min(len(ranked) - 1, len(ranked) * hundredths // 100)]
