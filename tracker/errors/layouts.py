"""Refusals about layouts of files."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

word(
    {
        "layout_name_missing": _("Give the layout a name by which people choose it."),
        "layout_name_taken": _("The department already has a layout called “%(name)s”. Choose another name."),
        "layout_not_yours": _("This layout belongs to another office, which keeps it."),
        "layout_column_unknown": _("The ledger has no column “%(column)s”. Choose among those that are offered."),
        "layout_column_twice": _("The column “%(column)s” stands in it twice. Take one of them out."),
        "layout_column_needed": _("Rows are known by %(columns)s. Give these columns a place."),
        "layout_too_few": _("At least %(fewest)d columns are needed, so that the file can be read back."),
    }
)
