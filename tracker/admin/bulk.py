"""One action for many rows: each by itself, failures named one by one."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from projects.errors import DomainError

Row = TypeVar("Row", bound=Model)


def each(page: ModelAdmin[Row], request: HttpRequest, rows: QuerySet[Row], step: Callable[[Row], None]) -> int:
    """Do one action for every row by itself; a refusal is named and stops nothing else. Returns how many went well."""
    done = 0
    for row in rows.order_by("pk"):
        try:
            step(row)
        except DomainError as refusal:
            page.message_user(request, f"{getattr(row, 'commitment', row)}: {refusal}", messages.ERROR)
        else:
            done += 1
    return done
