"""Doing the jobs. `run` does the work; `embedded` and `celery` say where: each has `announce(uid)`."""
