"""import-export's view of the ledger: a plain resource over rows that judges on a dry run and applies otherwise."""

from datetime import date

from import_export import fields, resources
from import_export.results import Error, Result, RowResult

from projects.errors import DomainError
from tracker.actions import ledger as actions
from tracker.actions.ledger import Applied
from tracker.ledger.forms import LedgerImportForm
from tracker.policies import Actor
from tracker.queries import ledger
from tracker.rules.ledger import COLUMNS, Sheet
from tracker.rules.ledger_check import Judgement


class LedgerResult(Result):  # type: ignore[misc]  # the library has no types
    """What the preview shows. `applied` is set only when everything was written."""

    def __init__(self, sheet: Sheet, judgement: Judgement, *, refusal: DomainError | None = None) -> None:
        super().__init__()
        self.judgement = judgement
        self.refusal = refusal
        self.applied: Applied | None = None
        faults = [*sheet.faults, *judgement.faults]
        self.faults = sorted(faults, key=lambda fault: int(str(fault.params.get("row", 0))))
        self.remarks = [*sheet.remarks, *judgement.remarks]
        for fault in [*self.faults, *([refusal] if refusal else [])]:
            self.append_base_error(Error(fault))
        self.totals[RowResult.IMPORT_TYPE_NEW] = len(judgement.new)
        self.totals[RowResult.IMPORT_TYPE_UPDATE] = len(judgement.changed)
        self.totals[RowResult.IMPORT_TYPE_SKIP] = judgement.unchanged_count
        self.total_rows = len(sheet.rows)


class LedgerResource(resources.Resource):  # type: ignore[misc]  # the library has no types
    """Hands a sheet to `queries.ledger` (dry run) or `actions.ledger` (for good)."""

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__

    def get_user_visible_fields(self) -> list[fields.Field]:
        return [fields.Field(attribute=column.field, column_name=column.heading) for column in COLUMNS]

    def import_data(
        self,
        dataset: Sheet,
        dry_run: bool = False,
        *,
        by: Actor,
        today: date,
        form: LedgerImportForm,
        file_name: str = "",
        **_options: object,
    ) -> LedgerResult:
        """Never half: on a dry run nothing is written, otherwise all rows or none."""
        if dry_run:
            result = self._judge(dataset, by=by)
            form.cleaned_data["seal"] = actions.seal(result.judgement)
            return result
        if dataset.faults:
            return self._judge(dataset, by=by)
        try:
            applied = actions.apply(
                dataset.rows, by=by, today=today, file_name=file_name, fingerprint=form.cleaned_data["seal"]
            )
        except DomainError as refusal:
            return self._judge(dataset, by=by, refusal=refusal)
        result = LedgerResult(dataset, Judgement(changes=(), faults=(), remarks=()))
        result.applied = applied
        return result

    def _judge(self, dataset: Sheet, *, by: Actor, refusal: DomainError | None = None) -> LedgerResult:
        return LedgerResult(dataset, ledger.judge(dataset.rows, viewer=by), refusal=refusal)
