"""The jobs of a server of several processes or machines: Celery's workers do them.

The broker (Redis or RabbitMQ) only carries the news that a job waits; all that matters stands in the
database. A message that gets lost, doubled or delivered again therefore does no harm: every worker looks from
time to time for jobs nobody was told of or whose worker died, and a job that is held is left alone.
"""

import threading
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import connections

from instica_desktop.server.jobs.run import run_ready, worker_name
from instica_desktop.server.operations.jobs import forgotten

app = Celery("instica", broker=settings.SHOP_BROKER, set_as_current=False)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,  # a long job must not sit on messages another worker could take
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,  # an import is taken without a broker too, and its sender waits
    worker_hijack_root_logger=False,
    task_default_queue="instica-jobs",
    timezone="UTC",
)

_ended = threading.Event()


@app.task(name="instica.run_job")
def run_job(uid: str) -> int:
    """Do a job if it is ready; returns 0 when another worker has it or it is done."""
    return run_ready(worker_name(), uid=uid, ended=_ended.is_set)


def announce(uid: str) -> None:
    """Send word to the workers; without a broker the job waits until one of them looks around."""
    try:
        run_job.apply_async(args=[uid], retry=False)
    except run_job.OperationalError:
        pass  # the request was committed, and a worker's own look will find the job


def _look_around() -> None:
    while not _ended.wait(settings.SHOP_LEASE_SECONDS / 2):
        try:
            for uid in forgotten():
                announce(uid)
        finally:
            connections.close_all()


@worker_process_init.connect
def _own_connection(**_: Any) -> None:
    """Leave the parent's connection to the parent: two processes on one would mix their answers."""
    connections.close_all()


@worker_ready.connect
def _begin(**_: Any) -> None:
    threading.Thread(target=_look_around, name="forgotten-jobs", daemon=True).start()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    _ended.set()
