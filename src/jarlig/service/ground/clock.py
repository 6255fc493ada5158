"""The one clock (时钟): the time of the database, moved only in a database marked as demonstration."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant by the clock of the database, in Shanghai time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.now()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(SHANGHAI)


def today() -> date:
    """Today's date in Shanghai by the clock of the database."""
    return now().date()


def is_demonstration() -> bool:
    """Whether this database is marked as demonstration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.is_demonstration()")
        marked: bool = cursor.fetchone()[0]
    return marked
