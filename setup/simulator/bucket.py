"""The bucket of points that queries draw from."""

import time
from collections.abc import Callable
from threading import Lock

Clock = Callable[[], float]


class Bucket:
    """Points that are restored at a constant rate, never beyond the size of the bucket."""

    def __init__(
        self, size: float = 2000, rate: float = 100, clock: Clock = time.monotonic
    ) -> None:
        self.size, self.rate, self._clock = size, rate, clock
        self._points, self._at, self._lock = size, clock(), Lock()
        self._storm_until = 0.0

    def _restore(self) -> None:
        now = self._clock()
        if now < self._storm_until:
            self._points, self._at = 0, now
            return
        self._points = min(self.size, self._points + (now - self._at) * self.rate)
        self._at = now

    def take(self, points: float) -> bool:
        """Take points out; false, and nothing taken, when there are not enough."""
        with self._lock:
            self._restore()
            if points > self._points:
                return False
            self._points -= points
            return True

    def storm(self, seconds: float) -> None:
        """Keep the bucket empty for some time, as greedy other apps do."""
        with self._lock:
            self._storm_until = self._clock() + seconds
            self._restore()

    def give_back(self, points: float) -> None:
        """Return points that were asked for and not needed."""
        with self._lock:
            self._points = min(self.size, self._points + points)

    def drain(self) -> None:
        """Empty the bucket, as another app on the same shop could."""
        with self._lock:
            self._restore()
            self._points = 0

    def status(self) -> dict[str, float]:
        """Return the state as answers show it."""
        with self._lock:
            self._restore()
            return {
                "maximumAvailable": float(self.size),
                "currentlyAvailable": int(self._points),
                "restoreRate": float(self.rate),
            }
