"""Limits how often one visitor may do something: POSTs are counted in the database, reads in this process's memory."""

from __future__ import annotations

import datetime as dt
import ipaddress
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

KEPT_FOR = dt.timedelta(days=1)
MOST_READERS = 50_000  # remembered in one window and process; with more the window starts anew
IPV6_NETWORK = 64  # one connection has a whole network of addresses


@dataclass(frozen=True)
class Limit:
    """At most so many times in a window of so many seconds; windows begin at the same moment for everybody."""

    name: str
    most: int
    seconds: int

    def window(self, now: float | None = None) -> int:
        """Return when the current window began, in seconds since the epoch."""
        moment = int(timezone.now().timestamp() if now is None else now)
        return moment - moment % self.seconds

    def minutes_left(self) -> int:
        """Return the minutes until the next window begins, at least 1."""
        return max(1, -(-(self.window() + self.seconds - int(timezone.now().timestamp())) // 60))


class ThrottleBucket(models.Model):
    """How often somebody did something in one window. Who it was cannot be read from the keyed hash."""

    key = models.CharField(max_length=64)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("throttle bucket")
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "window"], name="unique_throttle_bucket")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


def allow(limit: Limit, *who: str, times: int = 1) -> bool:
    """Count so many more times and return whether they were within the limit; exact for any number of processes."""
    mine, most = _bucket(limit, who), limit.most - times
    if mine.filter(count__lte=most).update(count=F("count") + times):
        return True
    ThrottleBucket.objects.bulk_create(
        [ThrottleBucket(key=_key(limit, who), window=_window(limit))], ignore_conflicts=True
    )
    return bool(mine.filter(count__lte=most).update(count=F("count") + times))


def give_back(limit: Limit, *who: str) -> None:
    """Take back what `allow` counted: it was no abuse."""
    _bucket(limit, who).filter(count__gt=0).update(count=F("count") - 1)


def purge() -> int:
    """Delete buckets whose window is long over; return how many."""
    return ThrottleBucket.objects.filter(window__lt=timezone.now() - KEPT_FOR).delete()[0]


def client_address(request: HttpRequest) -> str:
    """Return the network address of the visitor; empty when a proxy stands in front and does not tell it.

    Of a list only the last entry counts, which our own proxy wrote: the ones before are the visitor's word.
    """
    header = settings.CLIENT_ADDRESS_HEADER
    written = str(request.META.get(header, "")).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


_reads: Counter[tuple[Limit, tuple[str, ...]]] = Counter()
_windows: dict[Limit, int] = {}
_lock = threading.Lock()


def allow_read(limit: Limit, *who: str) -> bool:
    """Count one more read in this process's memory and return whether it was within the limit: GET writes nothing."""
    with _lock:
        window = limit.window(time.time())
        if _windows.get(limit) != window or len(_reads) >= MOST_READERS:
            _windows[limit] = window
            for key in [key for key in _reads if key[0] == limit]:
                del _reads[key]
        _reads[limit, who] += 1
        return _reads[limit, who] <= limit.most


def _bucket(limit: Limit, who: tuple[str, ...]) -> models.QuerySet[ThrottleBucket]:
    return ThrottleBucket.objects.filter(key=_key(limit, who), window=_window(limit))


def _key(limit: Limit, who: tuple[str, ...]) -> str:
    return salted_hmac("cms.throttle", "\0".join((limit.name, *who)), algorithm="sha256").hexdigest()


def _window(limit: Limit) -> dt.datetime:
    return dt.datetime.fromtimestamp(limit.window(), tz=dt.UTC)
