"""Refusals about how a person is told: personal settings, and the addresses of the calendar."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

word(
    {
        "preference_channel_unknown": _("This way is not open to you. Choose from the list."),
        "preference_channel_needed": _(
            "Duties have to reach you. Tick at least one way, or leave the choice to the site."
        ),
        "preference_hour_quiet": _("Messages go out between %(first)d:00 and %(last)d:00. Choose an hour in between."),
        "preference_is_duty": _("“%(name)s” is a duty and cannot be switched off. Only information can."),
        "preference_pause_dates": _("An absence has a first and a last day. Enter both, or neither."),
        "preference_pause_order": _("The absence ends before it begins. Correct one of the two dates."),
        "preference_pause_over": _("The absence is over already. Enter a last day that is still to come, or no dates."),
        "preference_deputy_needed": _("Somebody has to be told while you are away. Name who stands in for you."),
        "preference_deputy_unknown": _("There is no such person in office. Choose from the list."),
        "preference_deputy_is_self": _("You cannot stand in for yourself. Choose somebody else."),
        "preference_deputy_blind": _("%(name)s does not see your matters. Choose somebody from the list."),
        "preference_deputy_away": _("%(name)s is away from %(first)s until %(last)s. Choose somebody else."),
        "read_nothing": _("Say what was read: the lines in `ids`, or all of them with `all`."),
        "feed_too_many": _("You have %(most)d calendar addresses. Revoke one that is no longer used first."),
        "feed_department_foreign": _("The calendar of this department is not open to you. Choose from the list."),
        "feed_gone": _("There is no such address among yours. It may have been revoked already."),
    }
)
