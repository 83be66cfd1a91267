"""import-export's view of the ledger: its columns. Reading and entering are `importing`'s, writing is `writer`'s."""

from import_export import fields, resources

from tracker.rules.ledger import COLUMNS


class LedgerResource(resources.Resource):  # type: ignore[misc]  # the library has no types
    """Tells the library what a file holds."""

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__

    def get_user_visible_fields(self) -> list[fields.Field]:
        return [fields.Field(attribute=column.field, column_name=column.heading) for column in COLUMNS]
