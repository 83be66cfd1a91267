"""The sentences of the tracker's refusals: each code is worded once."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

# The rules: steps of a commitment's life, reports, reviews.
word(
    {
        "step_not_allowed": _("A commitment that is “%(current)s” cannot become “%(to)s”. Take the steps in their order."),
        "step_not_yours": _("The step to “%(to)s” is not yours to take. Ask the side that is in charge of it."),
        "reason_needed": _("This step needs a reason. Say why."),
        "report_not_open": _("This report can no longer be changed. Wait for the review or start the next one."),
        "stage_not_reportable": _("A commitment that is “%(stage)s” takes no reports. Ask the supervision office."),
        "period_not_open": _("This period opens on %(opens_on)s. Report then."),
        "period_closed": _("This period closed on %(closed_on)s. Report in the current period instead."),
        "report_empty": _("The report says nothing. Fill in a field or tick “nothing changed”."),
        "progress_out_of_range": _("Progress lies between 0 and 100 %%. Enter a number in this range."),
        "progress_not_asked": _("A red line is kept or broken, it has no percentage. Leave progress empty."),
        "forecast_passed": _("The forecast date has passed. Enter the day on which it will be done."),
        "report_not_submitted": _("This report is not waiting for review. Reload the page."),
        "own_report": _("Nobody reviews their own report. Ask a colleague to do it."),
    }
)
