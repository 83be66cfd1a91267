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
        "done_below_hundred": _("The last accepted progress is %(progress)s %%. Say why it is done all the same."),
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

# What waits for somebody's word: extension requests, blockers, leaders' instructions.
word(
    {
        "extension_not_at_work": _(
            "A commitment that is “%(stage)s” takes no extension request. Ask while the work is under way."
        ),
        "extension_without_date": _("This commitment has no due date, so there is nothing to extend."),
        "extension_too_late": _(
            "The due date %(due_on)s has passed. An extension is asked for before the date;"
            " report now, and give the forecast date in the report."
        ),
        "extension_pending": _("A request is waiting already. Withdraw it first or wait for the decision."),
        "extension_not_later": _("The new date must be later than %(due_on)s. Choose a later day."),
        "extension_reason_missing": _("The reason is missing. Say why more time is needed."),
        "extension_not_yours": _("Only the lead department asks for an extension. Ask the lead department."),
        "extension_closed": _("This request is “%(state)s” already. Nothing more can be done with it."),
        "own_extension": _("Nobody decides their own request. Ask a colleague to do it."),
        "extension_refusal_bare": _("A refusal needs words. Say why, the department reads it."),
        "extension_exempts_when_granted": _("Only a granted extension can exempt. Clear the mark or grant it."),
        "question_too_early": _("This commitment has not been handed out yet. Wait until it is."),
        "question_is_over": _("This commitment is “%(stage)s”. Nothing can be asked of it any more."),
        "question_empty": _("The text is empty. Say in a sentence what is wanted."),
        "question_day_passed": _("This day has passed. Choose today or later."),
        "question_closed": _("This is “%(state)s” already. Nothing more can be done with it."),
        "answer_empty": _("The answer is empty. Say what was done or decided."),
        "blocker_not_yours": _("Only a department of this commitment names what blocks it. Ask the lead department."),
        "blocker_not_yours_to_answer": _(
            "Only the post that was asked, its department or the supervision office answers. Ask one of them."
        ),
        "withdrawal_not_yours": _("Only who asked may take this back. Ask them or the supervision office."),
        "giver_not_a_leader": _("An instruction is given by a leader. Choose the leader who gave it."),
        "instruction_not_in_your_name": _("A leader gives instructions in no other name. Give it in your own."),
        "instruction_without_lead": _(
            "Nobody leads this commitment, so nobody can answer. Name a lead department first."
        ),
        "instruction_not_yours_to_answer": _(
            "Only the lead department answers an instruction. Ask the lead department."
        ),
        "withdrawal_bare": _("Taking an instruction back needs a reason. Say why."),
    }
)

# Many at once: passing on to another lead, reminding by hand.
word(
    {
        "lead_stands": _("%(name)s leads it already, not as a suggestion. Nothing needs to be confirmed."),
        "reassign_finished": _("It is finished (%(stage)s). Re-open it first, or leave it where it is."),
        "reassign_reported_done": _("It is reported done. Verify it, or send it back to work first."),
        "reassign_report_waits": _("Its report waits for review. Accept or return the report first."),
        "reassign_same_lead": _("%(name)s leads it already. Choose another department."),
        "reassign_dissolved": _("%(name)s is not active any more. Choose another department."),
        "reminder_not_under_way": _("Nobody works on it now (%(stage)s). Hand it out before you remind."),
        "reminder_reaches_nobody": _(
            "Nobody would read it: the lead department has no officer and the post no holder. Name one first."
        ),
        "reminder_sent_today": _("Everybody was reminded of it by hand today. Remind again tomorrow."),
    }
)

# Evidence: what a file may not be, and whose it is.
word(
    {
        "evidence_empty": _("“%(name)s” is empty. Choose the file again."),
        "evidence_too_large": _("“%(name)s” is larger than %(megabytes)d MB. Make it smaller or split it."),
        "evidence_kind_unknown": _(
            "“%(name)s” is of a kind that is not taken. Save it as PDF, picture (JPEG, PNG, WebP) or Office file."
        ),
        "evidence_disguised": _(
            "“%(name)s” is not what its ending says. Open it in its own program, save it anew and choose that file."
        ),
        "evidence_macros": _("“%(name)s” contains macros. Save it without macros, or as PDF, and choose that file."),
        "evidence_encrypted": _("“%(name)s” is protected by a password. Remove the password and choose it again."),
        "evidence_damaged": _("“%(name)s” is damaged or incomplete. Open it, save it anew and choose that file."),
        "evidence_bomb": _("“%(name)s” would unpack to far more than a document holds. Save it as PDF and choose it."),
        "evidence_not_stored": _(
            "“%(name)s” could not be stored. Try again, and tell the administrator if it stays so."
        ),
        "evidence_too_many": _("More than %(most)d files at once. Add the others afterwards."),
        "evidence_not_yours": _(
            "Only the departments of this commitment and the supervision office add or withdraw files here. Ask them."
        ),
        "evidence_withdrawn": _("This file was withdrawn already. Reload the page."),
        "evidence_reason_needed": _("Say why the file is withdrawn. Everybody who sees the commitment can read it."),
    }
)

# Steps that need a record, verifications, look-backs, children that ask more than their parent.
word(
    {
        "verification_needed": _("“Verified” needs a record of who looked and what was found. Record a verification."),
        "exemption_needs_end": _("An exemption ends. Enter its last day."),
        "exemption_end_passed": _("The last day of an exemption lies ahead. Choose a day after today."),
        "proposed_lead_wrong": _("A refusal proposes another department than the present lead. Choose another one."),
        "own_commitment": _("Nobody verifies what they reported themselves. Ask a colleague to do it."),
        "verification_note_missing": _("The note is empty. Write what you looked at and what you found."),
        "not_in_sample": _("This commitment is not in that look-back’s sample. Verify it from the sample’s page."),
        "sample_looked_at": _("This commitment of the sample was looked at already. Read its verification."),
        "sample_reopened": _("This commitment is not closed any more. Verify it when it is reported done again."),
        "lookback_period_order": _("The period ends before it starts. Correct one of the two dates."),
        "lookback_period_running": _("The period ends after today. Choose today or an earlier day."),
        "lookback_seed_too_long": _("A seed has at most %(longest)d characters. Shorten it."),
        "lookback_empty": _("Nothing was closed in this period. Choose another period."),
        "lookback_size": _("There are %(count)d commitments to draw from. Choose a size from 1 to that number."),
        "tightening_needs_reason": _(
            "“%(code)s” asks more than its parent “%(parent)s”, in time or in number. Say why, or correct it."
        ),
    }
)

# Reports: doubtful figures, the three quantities, one report per initiative, contributions.
word(
    {
        "doubts_unanswered": _(
            "Some figures are unusual: %(questions)s Correct them, or say below why they are right."
        ),
        "initiative_reported": _(
            "“%(initiative)s” is reported once: the report of %(code)s for %(period)s stands already."
            " Add what is missing there."
        ),
        "report_open_already": _("A report of this commitment is open or waits for review. Look at that one first."),
        "report_has_changes": _("This report says more than “nothing changed”. Read it and accept it on its own page."),
        "volumes_not_asked": _("Only a project gives the three quantities. Leave them empty."),
        "volumes_negative": _("The three quantities are not negative. Enter 0 or more."),
        "statistics_without_yes": _("A day of registration needs the answer “yes”. Correct one of the two."),
        "statistics_in_the_future": _("The day of registration has not come yet. Enter the day on which it was done."),
        "contribution_empty": _("The contribution says nothing. Write what was done or tick “nothing changed”."),
        "contribution_closed": _("The lead has handed in its report for this period. Contribute to the next one."),
        "contribution_not_yours": _(
            "Only departments that are confirmed as responsible or supporting contribute. Ask the supervision office."
        ),
        "contribution_not_asked": _("No report is asked for now, so no contribution either. Wait for the next period."),
    }
)

# Posts, their holders and deputies; departments that are switched off.
word(
    {
        "holder_inactive": _("%(name)s cannot sign in any more. Choose somebody who can."),
        "handover_not_yours": _("Only the new holder, or who stands in for them, confirms this list. Ask them."),
        "absence_ends_before_start": _("The absence ends before it starts. Correct one of the two dates."),
        "deputy_is_holder": _("%(name)s holds this post on those days. Choose somebody else."),
        "deputy_named_already": _(
            "This person stands in from %(starts_on)s to %(ends_on)s already. Choose other days or end that first."
        ),
        "deputy_end_outside": _("The last day lies between %(starts_on)s and %(ends_on)s. Choose one of these days."),
        "department_has_open_matters": _(
            "The department leads %(count)d open commitments. Give them to another department first."
        ),
    }
)

# Messy ledgers: files that are not opened, sheets that are not read, rows that are refused or doubtful.
word(
    {
        "ledger_web_page": _(
            "This is a web page with the name of a workbook. Open it in Excel, save it as .xlsx and use that."
        ),
        "ledger_name_misleads": _(
            "The file is called %(said)s and its content is %(found)s. Save it in Excel as .xlsx and use that."
        ),
        "ledger_entities": _(
            "The file’s XML defines entities, which no ledger needs. Save it anew in Excel and use that."
        ),
        "ledger_stray_cells": _("The cells lie too far apart. Delete the empty rows and columns outside of the table."),
        "ledger_no_table": _(
            "No header row was found in any sheet. It needs the task’s name and, for example, who leads or"
            " when it is due."
        ),
        "ledger_file_missing": _("The file cannot be opened. Check its path and your rights."),
        "ledger_out_unwritable": _("The result cannot be written to “%(path)s”. Check the folder and your rights."),
        "ledger_macros_ignored": _("The workbook carries macros. They were not run, only cells were read."),
        "ledger_links_ignored": _(
            "The workbook points to other files. They were not opened, the kept values were read."
        ),
        "sheet_hidden": _("The sheet “%(sheet)s” is hidden and was not read. Show it if it belongs to the ledger."),
        "sheet_no_header": _(
            "No header was found in the sheet “%(sheet)s”, it was not read. Check it if it belongs to the ledger."
        ),
        "sheet_no_rows": _("The sheet “%(sheet)s” has a header and no rows. Fill them in if it belongs to the ledger."),
        "sheet_copy": _(
            "The sheet “%(sheet)s” repeats or explains the others and was not read. Rename it if it is a ledger."
        ),
        "entry_missing_title": _("Row %(row)d: the task has no name. Write what is to be done."),
        "entry_impossible_date": _("Row %(row)d: “%(text)s” is no date of the calendar. Correct it."),
        "entry_percent_out_of_range": _("Row %(row)d: %(text)s lies outside of 0 to 100 %%. Correct it."),
        "entry_negative_amount": _("Row %(row)d: the amount %(text)s is negative. Correct it."),
        "entry_due_before_start": _(
            "Row %(row)d: the deadline %(text)s lies before the start. Correct one of the two."
        ),
        "entry_duplicate_row": _("Row %(row)d: row %(text)s has the same name, lead and deadline. Delete one of them."),
        "entry_bad_number": _("Row %(row)d: “%(text)s” is no number. Write it with digits."),
        "entry_formula_cell": _(
            "Row %(row)d: there is a formula under “%(text)s”, where words belong. Replace it with its value."
        ),
        "entry_duplicate_title": _("Row %(row)d: row %(text)s has the same name. Make sure that both are meant."),
        "entry_missing_lead": _("Row %(row)d: nobody leads. Name the department."),
        "entry_lead_guessed": _("Row %(row)d: the first department, “%(text)s”, was taken as the lead. Check it."),
        "entry_formula_like_text": _(
            "Row %(row)d: the text under “%(text)s” begins like a formula. It was read as text."
        ),
        "entry_formula_without_value": _(
            "Row %(row)d: the formula under “%(text)s” has no kept value. Save the file in Excel once."
        ),
        "entry_rare_date": _("Row %(row)d: “%(text)s” was taken as a date in an unusual form. Check it."),
        "entry_year_unknown": _("Row %(row)d: “%(text)s” names no year and the file neither. Write the year."),
        "entry_year_assumed": _("No title names the year, %(text)s was assumed. Check the deadlines."),
        "entry_due_not_understood": _("Row %(row)d: the deadline “%(text)s” names no day. Check it."),
        "entry_percent_guessed": _("Row %(row)d: the progress “%(text)s” was taken as a part of one. Check it."),
    }
)
