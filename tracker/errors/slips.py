"""Refusals of supervision slips."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

word(
    {
        "slip_not_at_work": _("This commitment is “%(stage)s”, so it gets no slip. Slips go out while work is open."),
        "slip_without_lead": _("Nobody leads this commitment, so nobody could answer a slip. Name a lead first."),
        "slip_without_date": _("This commitment has no due date, so it cannot be late. Enter the date first."),
        "slip_not_late": _("The due date %(due_on)s has not passed. A slip goes out after it."),
        "slip_drafted": _("A draft for this commitment exists already. Issue or drop that one."),
        "slip_waits": _("The last slip gives the department until %(day)s. Draft the next one after that day."),
        "slip_after_red": _(
            "A red slip was issued already; the chain lies before the leaders. No further slip follows."
        ),
        "slip_moot": _(
            "The ground of this draft is gone: the work is reported done or rests, its date moved, or the slip before"
            " was answered. Drop the draft."
        ),
        "slip_empty": _("The slip asks nothing. Write what the department has to do."),
        "slip_day_passed": _("The day for the answer has passed. Choose today or later."),
        "slip_not_draft": _("This slip is “%(state)s” already. Nothing more can be done with the draft."),
        "slip_closed": _("This slip is “%(state)s”. Nothing more can be done with it."),
        "slip_followed": _("A later slip of this chain was issued. Answer that one."),
        "slip_promise_passed": _("The promised day has passed. Choose today or later."),
        "slip_not_yours": _("Only the lead department answers a slip. Ask the lead department."),
        "slip_reason_missing": _("The reason is missing. Say why; it stays in the history."),
        "slip_template_broken": _(
            "The Word template of slips cannot be used. Print the page, and tell the administrator."
        ),
    }
)
