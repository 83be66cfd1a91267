"""Refusals about moved working days and the files that bring them."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

word(
    {
        "workday_row": _("Row %(row)d: %(said)s"),
        "workday_no_date": _("“%(text)s” is no day of the calendar. Write it like 2027-02-14."),
        "workday_span": _("“%(text)s” is no span of 1 to %(most)d days. Correct its first or last day."),
        "workday_word_unknown": _("“%(word)s” does not say whether offices work. Write 上班 or 放假."),
        "workday_out_of_range": _("%(day)s lies outside of %(first)d to %(last)d. Correct the year."),
        "workday_never_worked": _("%(day)s is a statutory holiday that is never moved. Check the day."),
        "workday_name_missing": _("%(day)s has no name. Say which holiday it belongs to, for example 春节."),
        "workday_name_too_long": _("The name of %(day)s has more than %(longest)d characters. Shorten it."),
        "workday_notice_missing": _("%(day)s has no source. Name the notice that says so, with its number."),
        "workday_notice_too_long": _("The source of %(day)s has more than %(longest)d characters. Shorten it."),
        "workday_twice": _("%(day)s stands in row %(first)d already. Delete one of them."),
        "workday_reason_needed": _("This changes a day that was entered before. Say why."),
        "workday_weekday": _("%(day)s is “%(found)s” and not “%(said)s”. Check the year of the notice and the day."),
        "workday_count": _("The notice counts %(said)d days here and names %(count)d. Check the dates."),
        "workdays_year_unknown": _(
            "The notice does not say of which year. Paste its title too, or name it with its number, for example "
            "国办发明电〔2025〕7号."
        ),
        "workdays_none": _("There are no days in it. Write one line a day, or a table with the columns %(headings)s."),
        "workdays_too_many": _("More than %(most)d days are too many for one import. Enter one year at a time."),
        "workdays_unreadable": _("The text cannot be read as a table. Paste it again, one line a day."),
        "workdays_nothing_given": _("Choose a file or paste the days."),
        "workdays_two_given": _("Choose a file or paste the days, not both."),
        "workdays_file_kind": _("This is neither an xlsx workbook nor a CSV file. Save it as one of them."),
        "workdays_moved": _("The list changed since the preview. Look at the new preview and confirm again."),
        "workdays_preview_gone": _("The preview is more than an hour old or was altered. Show it again."),
    }
)
