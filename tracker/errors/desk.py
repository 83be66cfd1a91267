"""Refusals of the desk: questions, bulk work, evidence, verifications, doubtful figures, posts."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

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
        "post_unknown": _("There is no post “%(code)s” that can be asked. Choose one from the list of posts."),
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
        "evidence_lost": _(
            "This file cannot be handed out: it is missing from the store or was changed there. Tell the administrator."
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
