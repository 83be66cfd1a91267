"""The sentences of the tracker's refusals: each code is worded once."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

# The rules: steps of a commitment's life, reports, reviews.
word(
    {
        "step_not_allowed": _(
            "A commitment that is “%(current)s” cannot become “%(to)s”. Take the steps in their order."
        ),
        "step_not_yours": _("The step to “%(to)s” is not yours to take. Ask the side that is in charge of it."),
        "reason_needed": _("This step needs a reason. Say why."),
        "report_not_open": _("This report can no longer be changed. Wait for the review or start the next one."),
        "stage_not_reportable": _("A commitment that is “%(stage)s” takes no reports. Ask the supervision office."),
        "period_not_open": _("This period opens on %(opens_on)s. Report then."),
        "period_closed": _("This period closed on %(closed_on)s. Report in the current period instead."),
        "no_change_with_figures": _(
            "The report says that nothing changed and gives a new figure. Clear the figure or the tick."
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

# The ledger: what a file may not be, what a row may not say, what is told without being refused.
word(
    {
        "ledger_empty_file": _("The file is empty. Choose the ledger’s file and upload it again."),
        "ledger_too_large": _("The file is larger than %(megabytes)d MB. Split it and upload the parts one by one."),
        "ledger_not_a_workbook": _("This is no Excel workbook. Save it in Excel as .xlsx or CSV and upload that."),
        "ledger_old_workbook": _("This is a workbook of an old Excel. Save it as .xlsx and upload that."),
        "ledger_encrypted": _("The file is protected by a password. Remove the password in Excel and upload it again."),
        "ledger_damaged": _("The file is damaged or incomplete. Open it in Excel, save it again and upload that."),
        "ledger_bomb": _("The file would unpack to far more than a ledger holds. Save its one sheet as a new file."),
        "ledger_too_many_rows": _("The sheet has more than %(most)d rows. Split it, or delete the empty rows below."),
        "ledger_too_wide": _("The sheet has more than %(most)d columns. Delete the empty columns on the right."),
        "ledger_not_text": _("The file’s characters cannot be read. Save it as .xlsx or as CSV UTF-8."),
        "ledger_no_header": _("No header row was found. The first rows need the headings %(headings)s."),
        "ledger_heading_twice": _("The heading “%(heading)s” stands twice. Delete one of the two columns."),
        "ledger_no_rows": _("There are no rows below the header. Fill in at least one row."),
        "ledger_upload_gone": _("The uploaded file is no longer kept. Upload it again."),
        "ledger_moved": _("The ledger changed since the preview. Upload the file again and look at the new preview."),
        "ledger_refused": _("Nothing was imported, %(count)d cells need a correction. The first: %(first)s"),
        "ledger_code_missing": _("Row %(row)d: “%(heading)s” is empty. Give the commitment a code."),
        "ledger_code_format": _(
            "Row %(row)d: the code “%(code)s” has other signs than letters, digits, points, hyphens and brackets."
            " Change it."
        ),
        "ledger_code_twice": _("Row %(row)d: the code “%(code)s” stands in row %(first)d already. Delete one of them."),
        "ledger_title_missing": _("Row %(row)d: “%(heading)s” is empty. Write what is to be done."),
        "ledger_kind_missing": _("Row %(row)d: a new commitment needs the column “%(heading)s”. Add it."),
        "ledger_word_unknown": _("Row %(row)d: “%(word)s” is no word for “%(heading)s”. Use one of: %(words)s."),
        "ledger_department_unknown": _(
            "Row %(row)d: the department “%(name)s” under “%(heading)s” is unknown. Add it first or correct the row."
        ),
        "ledger_department_twice": _(
            "Row %(row)d: the department “%(name)s” has two parts in this commitment. Keep one of them."
        ),
        "ledger_clause_unknown": _("Row %(row)d: the plan “%(plan)s” has no clause “%(code)s”. Correct its number."),
        "ledger_initiative_unknown": _("Row %(row)d: there is no initiative “%(code)s”. Add it or correct the row."),
        "ledger_plan_missing": _("Row %(row)d: “%(heading)s” is empty. Write the plan’s code."),
        "ledger_plan_unknown": _("Row %(row)d: there is no plan “%(code)s”. Write the code of an existing plan."),
        "ledger_plan_fixed": _("Row %(row)d: the commitment stays in its plan “%(code)s”. Write that code."),
        "ledger_date_impossible": _(
            "Row %(row)d: “%(text)s” under “%(heading)s” is no date of the calendar. Write it like 2026-06-30."
        ),
        "ledger_ends_before_start": _(
            "Row %(row)d: the due date %(due_on)s lies before the start %(starts_on)s. Correct one of the two dates."
        ),
        "ledger_continuous_has_date": _(
            "Row %(row)d: continuous work has no due date, %(due_on)s is given. Clear the date or the mark."
        ),
        "ledger_suggestion_without_lead": _(
            "Row %(row)d: a suggested lead needs a department. Fill in “%(heading)s” or clear the mark."
        ),
        "ledger_red_line_has_progress": _(
            "Row %(row)d: the commitment has a percentage and a red line has none. Clear the mark “%(heading)s”."
        ),
        "ledger_red_line_is_broken": _(
            "Row %(row)d: the red line was recorded as broken. Leave the mark “%(heading)s” as it is."
        ),
        "ledger_text_too_long": _(
            "Row %(row)d: “%(heading)s” has %(length)d characters, %(longest)d are allowed. Shorten it."
        ),
        "ledger_not_yes_no": _("Row %(row)d: “%(text)s” under “%(heading)s” is neither 是 nor 否. Write one of them."),
        "ledger_stale": _(
            "Row %(row)d: “%(code)s” was changed after this file was exported. Export again and repeat your change."
        ),
        "ledger_not_imported": _(
            "Row %(row)d: “%(heading)s” is not imported. The file says “%(value)s”, the ledger keeps “%(standing)s”."
        ),
        "ledger_sheet_unread": _("Only the sheet “%(read)s” is read. Not read: %(sheets)s."),
        "ledger_column_unknown": _("These columns are not imported because nobody knows them: %(columns)s."),
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
        "stale": _("Somebody changed this meanwhile. Read it again and repeat your change."),
        "not_signed_in": _("Sign in first and send the header “Authorization: Token …” with each request."),
        "token_invalid": _("This token is unknown, expired or signed out. Sign in again."),
        "sign_in_failed": _("Name and password do not fit together. Check both."),
        "sign_in_locked": _("Too many failed attempts. Try again in %(minutes)d minutes."),
        "too_many_requests": _("Too many requests. Try again in %(seconds)d seconds."),
        "method_not_allowed": _("This address does not take %(method)s. The header “Allow” says what it takes."),
        "not_acceptable": _("The answer is JSON only. Ask for application/json."),
        "media_type_unknown": _("Send JSON, with the header “Content-Type: application/json”."),
        "body_malformed": _("The body is not one JSON object. Correct it."),
        "body_too_large": _("The body is larger than %(kilobytes)d KB. Send less."),
        "field_missing": _("The field “%(name)s” is missing. Fill it in."),
        "field_unknown": _("There is no field “%(name)s” here. Use: %(allowed)s."),
        "field_invalid": _("The field “%(name)s” cannot be read: %(why)s"),
        "filter_unknown": _("There is no filter “%(name)s” here. Use: %(allowed)s."),
        "filter_value": _("“%(value)s” is no value of the filter “%(name)s”. It takes: %(allowed)s."),
        "filter_twice": _("The filter “%(name)s” is given more than once. Give it once."),
        "filter_empty": _("The filter “%(name)s” is empty. Give it a value or leave it out."),
        "filter_code": _("There is no “%(value)s” in your sight for the filter “%(name)s”. Check the code."),
        "limit_out_of_range": _("A page has 1 to %(largest)d rows. Choose a limit in this range."),
        "cursor_unknown": _("This cursor is not one of ours for this list. Begin again without a cursor."),
    }
)
