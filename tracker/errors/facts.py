"""Refusals about steps, reports, commitments, plans and people; about delivery, the API, and everywhere."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

# The rules: steps of a commitment's life, reports, reviews.
word(
    {
        "step_not_allowed": _(
            "A commitment that is “%(current)s” cannot become “%(to)s”. Take the steps in their order."
        ),
        "step_not_yours": _("The step to “%(to)s” is not yours to take. Ask the side that is in charge of it."),
        "done_below_hundred": _("The last accepted progress is %(progress)s %%. Say why it is done all the same."),
        "reason_needed": _("This step needs a reason. Say why."),
        "report_not_open": _("This report can no longer be changed. Wait for the review or start the next one."),
        "stage_not_reportable": _("A commitment that is “%(stage)s” takes no reports. Ask the supervision office."),
        "period_not_open": _("This period opens on %(opens_on)s. Report then."),
        "period_closed": _("This period closed on %(closed_on)s. Report in the current period instead."),
        "no_change_with_figures": _(
            "The report says that nothing changed and gives a new figure. Clear the figure or the tick."
        ),
        "no_change_with_words": _(
            "The report says that nothing changed and tells what was done. Clear the words or the tick."
        ),
        "nothing_to_compare": _(
            "Nothing was reported before, so nothing can be unchanged. Say in a sentence where it stands."
        ),
        "report_empty": _("The report says nothing. Fill in a field or tick “nothing changed”."),
        "progress_out_of_range": _("Progress lies between 0 and 100 %%. Enter a number in this range."),
        "progress_not_asked": _("A red line is kept or broken, it has no percentage. Leave progress empty."),
        "forecast_passed": _("The forecast date has passed. Enter the day on which it will be done."),
        "report_not_submitted": _("This report is not waiting for review. Reload the page."),
        "own_report": _("Nobody reviews their own report. Ask a colleague to do it."),
    }
)

# The commitments, plans, people: facts that contradict each other.
word(
    {
        "code_unknown": _("There is no “%(code)s” to choose here. Check the code."),
        "code_taken": _("The code “%(code)s” is taken. Choose another one."),
        "handover_too_early": _("The present holder took over on %(day)s. Choose a later day."),
        "title_missing": _("The title is empty. Write what is to be done."),
        "ends_before_start": _("The due date lies before the start. Correct one of the two dates."),
        "continuous_has_no_date": _("Continuous work has no due date. Clear the date or the mark."),
        "not_a_red_line": _("Only a red line can be broken. Clear the day or mark the commitment as a red line."),
        "red_line_has_progress": _("A red line is kept or broken, never a percentage. Clear the mark."),
        "suggestion_without_lead": _("A suggested lead needs a department. Choose one or clear the mark."),
        "span_out_of_order": _("The last character lies before the first. Correct one of the two."),
        "clause_of_another_plan": _("The clause belongs to another plan. Choose one of this plan."),
        "own_parent": _("A commitment cannot be its own parent. Choose another one."),
        "department_twice": _("A department has one part only. Name it once: as lead, responsible or supporting."),
        "lead_missing": _("Nobody leads this commitment yet. Choose the lead department first."),
        "weight_not_positive": _("A weight is greater than zero. Leave it empty if the milestone only informs."),
        "weight_without_date": _("A weighted milestone needs a planned date. Enter it or clear the weight."),
        "initiative_other_kind": _("This is of the kind “%(kind)s” and has no such details. Leave them out."),
        "designation_grade_missing": _("“%(title)s” needs its grade. Enter who awards it."),
        "target_comparator_missing": _("Say how the value has to compare with the number promised."),
        "target_growth_missing": _("A relative target needs its growth and its base year. Enter both."),
        "target_value_missing": _("An absolute target needs its value. Enter it."),
        "target_range_order": _("A range needs an upper value that is not below the lower one. Correct it."),
        "override_in_the_past": _("The last day of a light set by hand has passed. Choose today or later."),
        "plan_ends_before_start": _("The plan ends before it starts. Correct one of the two dates."),
        "department_needed": _("Officers and heads belong to a department. Choose one."),
    }
)

# Delivery: stored with the reminder, for the people who run the site.
word(
    {
        "address_missing": _("%(name)s has no e-mail address. Enter one in the list of people."),
        "sending_broke_off": _("Sending broke off %(attempts)d times. Look into the worker’s log for the reason."),
    }
)


# The API, and what the actions refuse everywhere.
word(
    {
        "not_found": _("There is nothing here that you may see. Check the address."),
        "not_allowed": _("Your role does not allow this. Ask the supervision office."),
        "not_yours_to_report": _(
            "Only the lead department reports, while the work is under way. Ask the lead department."
        ),
        "report_waits_for_review": _("The last report waits for review. Wait until it is accepted or returned."),
        "batch_size": _("A batch is a list of 1 to %(most)d reports. Send it in parts."),
        "server_error": _(
            "The site made a mistake; nothing was kept by half. Try again, and tell the administrator the request’s id."
        ),
        "site_busy": _("Somebody else is writing at this moment. Nothing was lost; try again in a few seconds."),
        "client_ref_reused": _(
            "This client_ref was sent before with something else. Give each new write a reference of its own."
        ),
        "stale": _("Somebody changed this meanwhile. Read it again and repeat your change."),
        "not_signed_in": _("Sign in first and send the header “Authorization: Token …” with each request."),
        "token_invalid": _("This token is unknown, expired or signed out. Sign in again."),
        "sign_in_failed": _("Name and password do not fit together. Check both."),
        "sign_in_locked": _("Too many failed attempts. Try again in %(minutes)d minutes."),
        "too_many_requests": _("Too many requests. Try again in %(seconds)d seconds."),
        "method_not_allowed": _("This address does not take %(method)s. The header “Allow” says what it takes."),
        "not_acceptable": _("The answer is JSON only. Ask for application/json."),
        "milestone_in_the_future": _("%(actual_on)s is still to come. A milestone is reached on a day that has come."),
        "media_type_unknown": _(
            "Send JSON as “application/json”, a file as “multipart/form-data”: say which as “Content-Type”."
        ),
        "body_malformed": _("The body is not one JSON object. Correct it."),
        "body_too_large": _("The body is larger than %(kilobytes)d KB. Send less."),
        "field_missing": _("The field “%(name)s” is missing. Fill it in."),
        "field_unknown": _("There is no field “%(name)s” here. Use: %(allowed)s."),
        "field_invalid": _("The field “%(name)s” cannot be read: %(why)s"),
        "filter_unknown": _("There is no filter “%(name)s” here. Use: %(allowed)s."),
        "filter_value": _("“%(value)s” is no value of the filter “%(name)s”. It takes: %(allowed)s."),
        "filter_twice": _("The filter “%(name)s” is given more than once. Give it once."),
        "filter_empty": _("The filter “%(name)s” is empty. Give it a value or leave it out."),
        "filter_needs": _("The filter “%(name)s” narrows “%(needs)s”. Give both, or leave it out."),
        "filter_code": _("There is no “%(value)s” in your sight for the filter “%(name)s”. Check the code."),
        "limit_out_of_range": _("A page has 1 to %(largest)d rows. Choose a limit in this range."),
        "cursor_unknown": _("This cursor is not one of ours for this list. Begin again without a cursor."),
        "cursor_expired": _("This cursor is too old to be continued. Begin the sync again without a cursor."),
        "scope_changed": _(
            "What you may see, or the language, has changed since this cursor. Begin the sync again without a cursor."
        ),
    }
)
