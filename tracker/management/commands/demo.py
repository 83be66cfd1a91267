"""`manage.py demo`: the whole demonstration under one supervisor. What it consists of stands in config/demo.py."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand

from tracker.queries import heartbeat


class Command(BaseCommand):
    """Run the demonstration, or with --prepare only make its data ready."""

    help = "Starts web, worker, beat and Valkey; --prepare only makes database, plan and static files ready."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and whether to start at all."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", default="8000", help="port to listen on (8000)")
        parser.add_argument("--prepare", action="store_true", help="make the data ready, start nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand over to the supervisor; this process, with all of Django in it, would only cost memory there."""
        if not options["prepare"]:
            self.stdout.flush()
            command = [sys.executable, "-m", "config.demo", "--host", options["host"], "--port", options["port"]]
            os.execv(command[0], command)  # noqa: S606  our own module, no shell
        self.step("Migrating the database …", "migrate", verbosity=0)
        self.step("Loading Nanchong’s decision …", "load_plan", "nanchong")
        self.step("Adding the demonstration’s progress …", "seed_demo")
        self.step("Looking at lights and reminders …", "sweep", deliver=False)
        self.step("Collecting static files …", "collectstatic", interactive=False, verbosity=0)
        # The last run's heartbeats (config/health.py) outlive it by a minute; /healthz shall speak of this run only.
        cache.delete_many([*heartbeat.KEYS.values(), heartbeat.FRESH])

    def step(self, sentence: str, command: str, *arguments: str, **options: Any) -> None:
        """Say what happens, then do it."""
        self.stdout.write(sentence)
        self.stdout.flush()
        call_command(command, *arguments, stdout=self.stdout, **options)
