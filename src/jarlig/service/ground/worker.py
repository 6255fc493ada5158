"""The worker (后台进程): does jobs as they come, starts those of the clock, and takes up what a dead worker left.

It comes in by the login as every process does and takes the role ``jarlig_worker`` for the statements of the queue;
each job opens its own transaction. When the database goes away it waits and begins again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from jarlig.service.ground.jobs import JOBS

_log = logging.getLogger("jarlig.worker")
#: Seconds without a sign of life after which a worker counts as dead.
SILENCE = 30.0
#: Seconds for which news is gathered before it starts a job, and after which a lost database is tried again.
GATHER, AGAIN = 0.2, 1.0
_GONE = (ConnectorException, psycopg.OperationalError)
_SWEEP = """
    SELECT procrastinate_retry_job_v2(j.id, clock_timestamp(), NULL, NULL, NULL) FROM procrastinate_jobs j
    WHERE j.status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers w
        WHERE w.id = j.worker_id AND w.last_heartbeat > clock_timestamp() - make_interval(secs => %(silence)s))
"""


def work(*, silence: float = SILENCE, at_once: int = 4) -> None:
    """Works until the process is told to end (SIGTERM, SIGINT), and then finishes what it is at.

    Args:
        silence: seconds without a sign of life after which another worker counts as dead.
        at_once: how many jobs it does at the same time.
    """
    connector = PsycopgConnector(
        kwargs=connector_params(), configure=_take_role, min_size=1, max_size=at_once + 2, timeout=10.0
    )
    with django_app.replace_connector(connector) as app:
        asyncio.run(_until_told(app, silence, at_once))


async def _take_role(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute("SET ROLE jarlig_worker")
    await connection.commit()


async def _until_told(app: App, silence: float, at_once: int) -> None:
    told = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, told.set)
    while not told.is_set():
        try:
            await _work(app, told, silence, at_once)
        except _GONE as error:
            _log.error("the database does not answer, trying again: %s", error)
        if not told.is_set():
            await asyncio.wait([asyncio.ensure_future(told.wait())], timeout=AGAIN)


async def _work(app: App, told: asyncio.Event, silence: float, at_once: int) -> None:
    """One life of the worker: ends when it is told to, or when one of its parts ends."""
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                install_signal_handlers=False, concurrency=at_once, delete_jobs="successful",
                update_heartbeat_interval=silence / 3, stalled_worker_timeout=silence,
            )
        )  # fmt: skip
        beside: list[Coroutine[Any, Any, object]] = [told.wait(), _sweep(app, silence)]
        channels = sorted({one.woken_by for one in JOBS.values() if one.woken_by})
        if channels:
            beside.append(_listen(app, channels))
        tasks = [worker, *map(asyncio.ensure_future, beside)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in reversed(tasks):
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


async def _sweep(app: App, silence: float) -> None:
    """Puts back what dead workers held, at once and again and again; nobody else would take it up."""
    while True:
        swept = await app.connector.execute_query_all_async(_SWEEP, silence=silence)
        if swept:
            _log.warning("%d jobs of a dead worker were put back", len(swept))
        await asyncio.sleep(silence)


async def _listen(app: App, channels: list[str]) -> None:
    """Starts jobs when the database tells news; what comes in a burst starts one."""
    parameters = connector_params()
    async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as connection:
        for channel in channels:
            await connection.execute(f"LISTEN {channel}")
        waiting = set(channels)  # what happened before is looked at once
        while True:
            for one in JOBS.values():
                if one.woken_by in waiting:
                    await _start(app, one.name)
            waiting = set()
            async for news in connection.notifies(stop_after=1):
                waiting.add(news.channel)
            await asyncio.sleep(GATHER)
            async for news in connection.notifies(timeout=0):
                waiting.add(news.channel)


async def _start(app: App, name: str) -> None:
    try:
        await app.configure_task(name, queueing_lock=name).defer_async()
    except AlreadyEnqueued:
        return
