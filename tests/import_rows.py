"""A ledger file that was brought, and words learnt from ledgers, for tests of pages and permissions."""

from django.utils import timezone

from tests.tracker.ledger.books import xlsx
from tracker.actions import imports
from tracker.ledger import importing
from tracker.models import DepartmentAlias, HeadingWord, LedgerImport, Plan
from tracker.policies import Actor


def make_import(plan: Plan | None, by: Actor, *, name: str = "台账.xlsx", content: bytes = b"") -> LedgerImport:
    """Received and looked at, not entered."""
    row = imports.receive(content or xlsx(), file_name=name, plan=plan, by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    return row


def make_alias(name: str = "园区办") -> DepartmentAlias:
    return DepartmentAlias.objects.create(name=name)


def make_heading(heading: str = "攻坚点") -> HeadingWord:
    return HeadingWord.objects.create(heading=heading, field="remarks")
