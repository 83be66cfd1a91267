"""Refusals about ledger files and their rows."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

# The ledger: what a file may not be, what a row may not say, what is told without being refused.
word(
    {
        "ledger_empty_file": _("The file is empty. Choose the ledger’s file and upload it again."),
        "ledger_too_large": _("The file is larger than %(megabytes)d MB. Split it and upload the parts one by one."),
        "ledger_not_a_workbook": _("This is no Excel workbook. Save it in Excel as .xlsx or CSV and upload that."),
        "ledger_encrypted": _("The file is protected by a password. Remove the password in Excel and upload it again."),
        "ledger_damaged": _("The file is damaged or incomplete. Open it in Excel, save it again and upload that."),
        "ledger_bomb": _(
            "The file would unpack to far more than a ledger holds. Save its one sheet as a new file, or split it."
        ),
        "ledger_too_many_rows": _("The sheet has more than %(most)d rows. Split it, or delete the empty rows below."),
        "ledger_too_wide": _("The sheet has more than %(most)d columns. Delete the empty columns on the right."),
        "ledger_not_text": _("The file’s characters cannot be read. Save it as .xlsx or as CSV UTF-8."),
        "ledger_no_header": _("No header row was found. The first rows need the headings %(headings)s."),
        "ledger_heading_twice": _("The heading “%(heading)s” stands twice. Delete one of the two columns."),
        "ledger_no_rows": _("There are no rows below the header. Fill in at least one row."),
        "ledger_hidden": _(
            "No sheet in sight is a ledger, and %(sheets)s is hidden. Show it in Excel, save, and upload the file"
            " again."
        ),
        "ledger_date_open": _(
            "Row %(row)d: “%(text)s” under “%(heading)s” is no day. Leave the cell empty and write 是 under “持续推进”."
        ),
        "ledger_moved": _("The ledger changed since the preview. Look at the new preview and confirm it again."),
        "ledger_refused": _("Nothing was imported, %(count)d cells need a correction. The first: %(first)s"),
        "ledger_code_missing": _("Row %(row)d: “%(heading)s” is empty. Give the commitment a code."),
        "ledger_code_unknown": _(
            "Row %(row)d: there is no commitment “%(code)s”, and the file lacks the columns “%(columns)s” of a new one."
            " Correct the code."
        ),
        "ledger_code_format": _(
            "Row %(row)d: the code “%(code)s” has other signs than letters, digits, points, hyphens and brackets."
            " Change it."
        ),
        "ledger_code_twice": _("Row %(row)d: the code “%(code)s” stands in row %(first)d already. Delete one of them."),
        "ledger_title_stands": _(
            "Row %(row)d: %(code)s would be new, but %(other)s has the same title."
            " If the code was mistyped, correct it."
        ),
        "ledger_without_version": _(
            "The file has no “版本” for %(count)d of the rows it changes: whether the site is newer cannot be seen."
            " Look at each change."
        ),
        "ledger_title_missing": _("Row %(row)d: “%(heading)s” is empty. Write what is to be done."),
        "ledger_kind_missing": _("Row %(row)d: “%(heading)s” is empty or not in the file. Fill it in."),
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
        "ledger_milestone_name": _(
            "Row %(row)d: “%(text)s” under “%(heading)s” is no milestone. Write a name of at most %(longest)d signs and"
            " its day, one a line."
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
        "ledger_text_was_cut": _(
            "Row %(row)d: the text under “%(heading)s” is longer than a cell of Excel, the file lacks its end."
            " Correct it on the commitment’s page."
        ),
        "ledger_form_new_row": _(
            "Row %(row)d: “%(heading)s” is empty, and an official form lacks what a new commitment needs. Enter it with"
            " the template."
        ),
        "ledger_not_yes_no": _("Row %(row)d: “%(text)s” under “%(heading)s” is neither 是 nor 否. Write one of them."),
        "ledger_stale": _(
            "Row %(row)d: “%(code)s” was changed after this file was exported. Export again and repeat your change."
        ),
        "ledger_not_imported": _(
            "Row %(row)d: “%(heading)s” is not imported. The file says “%(value)s”, the ledger keeps “%(standing)s”."
        ),
        "ledger_is_a_list": _(
            "This is a list as a page of this site shows it, and it does not come back. Export “The whole ledger”,"
            " correct that and bring it."
        ),
        "ledger_form_read": _(
            "This is the form “%(form)s” of this site. Its rows were found by their codes. Not read: %(columns)s."
        ),
        "ledger_sheet_unread": _("Only the sheet “%(read)s” is read. Not read: %(sheets)s."),
        "ledger_column_unknown": _("These columns are not imported because nobody knows them: %(columns)s."),
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
        "import_needs_plan": _("Choose the plan that this ledger belongs to: the file does not name it."),
        "import_department_open": _("Row %(row)d: say above which department “%(name)s” is."),
        "import_several_leads": _(
            "%(count)d rows name several leads (row %(rows)s): the first one leads, the others support. Look at each."
        ),
        "import_code_taken": _(
            "Row %(row)d: the code %(wanted)s belongs to another commitment, so this one becomes %(code)s. Look whether"
            " it is new."
        ),
        "import_state": _("This import is “%(state)s” by now. Open it again to see what can be done."),
        "import_columns_doubled": _(
            "The columns “%(first)s” and “%(second)s” are both to be read as “%(field_name)s”, and one would be lost."
            " Choose one of them."
        ),
        "import_failed": _("The file could not be worked on because of a fault of this site. It has been logged."),
        "import_has_refused_rows": _(
            "%(count)d rows cannot be entered. Answer what is asked above, correct the rest in the file, or tick “Enter"
            " only the good rows”."
        ),
        "ledger_worked_on": _(
            "%(count)d of the commitments have been worked on since (%(codes)s). Correct these on their own pages; this"
            " import cannot be taken back as one any more."
        ),
        "alias_empty": _("Write what ledgers call the department."),
        "alias_is_a_name": _("“%(name)s” is the name of a department already. Leave it as it is."),
        "heading_empty": _("Write the heading as ledgers have it."),
        "heading_field_unknown": _("No column means “%(name)s”. Choose from the list."),
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
        "entry_lead_of_heading": _(
            "Row %(row)d: no column names who leads; “%(text)s”, the heading above, was taken. Check it."
        ),
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
        "entry_columns_not_kept": _(
            "These columns were understood and nothing of them is entered: %(text)s. Move what matters to the remarks."
        ),
        "entry_start_not_understood": _(
            "Row %(row)d: the start “%(text)s” names no day and was not entered. Write a day."
        ),
        "entry_due_not_understood": _("Row %(row)d: the deadline “%(text)s” names no day. Check it."),
        "entry_percent_guessed": _("Row %(row)d: the progress “%(text)s” was taken as a part of one. Check it."),
    }
)
