"""What import-export does with P4's tidy file out of the box: a ModelResource with its default settings, nothing tuned.

It writes tables of its own, that know plan, department and the other departments by their keys as the product's do,
and have none of the product's checks, triggers, events and lights. Not a floor: the peer that P4 is held against.
"""

from django.db import connection, models
from import_export import fields, resources
from import_export.formats.base_formats import XLSX
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget

from tracker.models import Department, Plan


class PlainCommitment(models.Model):
    """The ledger's fifteen columns and no more."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    clause = models.CharField(max_length=20, blank=True)
    summary = models.TextField(blank=True)
    lead = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    suggested = models.CharField(max_length=5, blank=True)
    responsible = models.ManyToManyField(Department, related_name="+")
    supporting = models.ManyToManyField(Department, related_name="+")
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    due_text = models.CharField(max_length=80, blank=True, null=True)  # an empty cell is None to the library
    red_line = models.CharField(max_length=5, blank=True)
    public = models.CharField(max_length=5, blank=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "tracker"
        db_table = "bench_plain"

    def __str__(self) -> str:
        return self.code


def _names(field: str) -> ManyToManyWidget:
    return ManyToManyWidget(Department, field=field, separator="、")


class PlainResource(resources.ModelResource):
    """Headings to fields; names to rows. Everything else is the library's default."""

    code = fields.Field(attribute="code", column_name="编号")
    title = fields.Field(attribute="title", column_name="事项")
    kind = fields.Field(attribute="kind", column_name="类别")
    clause = fields.Field(attribute="clause", column_name="条款")
    summary = fields.Field(attribute="summary", column_name="完成标准")
    lead = fields.Field(attribute="lead", column_name="牵头单位", widget=ForeignKeyWidget(Department, field="name"))
    suggested = fields.Field(attribute="suggested", column_name="建议")
    responsible = fields.Field(attribute="responsible", column_name="责任单位", widget=_names("name"))
    supporting = fields.Field(attribute="supporting", column_name="配合单位", widget=_names("name"))
    starts_on = fields.Field(attribute="starts_on", column_name="开始")
    due_on = fields.Field(attribute="due_on", column_name="现定期限")
    due_text = fields.Field(attribute="due_text", column_name="期限说明")
    red_line = fields.Field(attribute="red_line", column_name="红线")
    public = fields.Field(attribute="public", column_name="公开")
    plan = fields.Field(attribute="plan", column_name="计划", widget=ForeignKeyWidget(Plan, field="code"))

    class Meta:
        model = PlainCommitment
        import_id_fields = ("code",)


def make() -> None:
    """Its tables, empty."""
    with connection.schema_editor() as editor:
        editor.create_model(PlainCommitment)


def enter(content: bytes) -> int:
    """Import the file once, for good, without the dry run that the library's page makes before. Returns its rows."""
    result = PlainResource().import_data(XLSX().create_dataset(content), raise_errors=True)
    return int(result.totals["new"])
