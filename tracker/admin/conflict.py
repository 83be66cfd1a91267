"""Two people at one page: what tells that it changed meanwhile, and both versions side by side. Reads only."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.formats import localize
from django.utils.translation import gettext as _

from projects.models import Stamped
from tracker.policies import Actor
from tracker.queries import history

NOTHING = "—"
NOT_STORED = frozenset({"reason", "new_password"})  # said beside the facts, so that no version of them is stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field: as it is stored now, and as the person at this page wants it."""

    label: str
    stored: str
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Who changed the row meanwhile (empty: the site itself), when (None: not told), and what differs."""

    who: str
    at: datetime | None
    differences: Sequence[Difference]


def token(row: Model) -> str:
    """What a page remembers of the row it was opened with; another one means that it was changed since."""
    if isinstance(row, Stamped):
        return str(row.revision)
    values = [(field.attname, str(getattr(row, field.attname))) for field in row._meta.concrete_fields]
    # What a sign-in writes is no change of the person.
    told = repr([pair for pair in values if pair[0] not in {"last_login", "password"}])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def compare(row: Model, form: Any, formsets: Sequence[Any], *, viewer: Actor) -> Conflict:
    """Both versions of a page that was sent too late: `row` as it is stored, the bound forms as they were filled in."""
    found = [*_fields(form, prefix=""), *(one for formset in formsets for one in _rows(formset))]
    last = history.latest(row, viewer=viewer)
    return Conflict(who=last.who if last else "", at=last.at if last else None, differences=tuple(found))


def _rows(formset: Any) -> Iterator[Difference]:
    """The inline rows that differ, and those that this page does not know."""
    name = str(formset.model._meta.verbose_name)
    known = set()
    for form in formset.forms:
        known.add(form.instance.pk)
        title = f"{name} {form.instance}" if form.instance.pk else name
        yield from _fields(form, prefix=f"{title}: ")
    for row in formset.get_queryset():
        if row.pk not in known:
            yield Difference(label=name, stored=_named(row), yours=NOTHING)


def _named(row: Model) -> str:
    """An inline row as its page names it: by its first related row or name."""
    for name in ("name", "indicator", "department", "title"):
        if hasattr(row, name):
            return str(getattr(row, name))
    return str(row)


def _fields(form: Any, *, prefix: str) -> Iterator[Difference]:
    for name in form.changed_data:
        bound = form[name]
        if bound.is_hidden or bound.field.disabled or name in NOT_STORED:
            continue
        yours = form.cleaned_data[name] if name in getattr(form, "cleaned_data", {}) else bound.data
        stored = _shown(bound.field, bound.initial)
        if stored != (said := _shown(bound.field, yours)):
            yield Difference(label=f"{prefix}{bound.label}", stored=stored, yours=said)


def _shown(field: forms.Field, value: Any) -> str:
    """A value as the page would say it."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        row = value if isinstance(value, Model) else field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        return str(row or value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(localize(value))
