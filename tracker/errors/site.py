"""Refusals about what is switched on for the whole site, and about the living decision."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

# What is switched on for the whole site.
word(
    {
        "settings_delay_too_long": _("The public waits at most %(most)d days. Enter a smaller number."),
        "settings_field_unknown": _("The public pages have no field “%(name)s”. Choose from the list."),
        "settings_nothing_public": _("Public pages need at least one approved field. Tick one, or leave them off."),
        "settings_number_out_of_limits": _("Enter a whole number from %(least)d to %(most)d."),
        "settings_no_time_to_send": _(
            "The quiet hours leave no time to send. Let them end in the morning before they begin in the evening."
        ),
        "settings_digest_at_night": _(
            "The daily message would fall into the quiet hours. Choose an hour from %(until)d:00 on, and before "
            "%(quiet_from)d:00."
        ),
        "settings_reason_needed": _("This changes what people see on the whole site. Say why."),
    }
)


# The living decision
word(
    {
        "judgement_needs_reason": _("Judging a clause needs a reason. Say why it needs no commitment, or why it does."),
        "judgement_without_mark": _("This reason would not be kept. Tick the mark above it, or leave it empty."),
        "judgement_reason_too_long": _("The reason has more than %(longest)d characters. Say it in fewer."),
        "clause_has_commitments": _(
            "Commitments stand in this clause. Move them to another clause before judging that it needs none."
        ),
    }
)


# Reminder rules
word(
    {
        "rule_by_hand": _("What the office sends by hand needs no rule. Choose another occasion."),
        "rule_exists": _("There is a rule “%(code)s” already. Choose another code, or draft a version of that rule."),
        "ladder_is_empty": _("The ladder tells nobody on any day. Enter days for at least one audience."),
        "ladder_not_understood": _(
            "The ladder cannot be understood. Days are whole numbers up to two years, an audience stands on one rung, "
            "and repetitions have an interval and a number."
        ),
        "ladder_before_event": _("Nobody can be told before it happens. Count working days after it, from %(first)d."),
        "ladder_wrong_side": _(
            "These days do not fit “%(occasion)s”: before the due date they are negative, on it 0, after it positive."
        ),
        "version_overtaken": _("Version %(live)d is in force and later than version %(number)d. Draft a new version."),
        "version_not_draft": _("Version %(number)d is no draft any more. Draft a new version."),
    }
)
