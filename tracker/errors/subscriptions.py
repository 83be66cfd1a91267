"""Refusals about subscriptions: whom the site tells of what happens."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

word(
    {
        "subscription_code_taken": _("There is a subscription “%(code)s” already. Choose another code."),
        "subscription_name_missing": _("The subscription needs a name. Name the platform that is told."),
        "subscription_wants_nothing": _("Choose at least one thing that is told."),
        "subscription_without_address": _("The subscription has no address yet. Enter it before switching it on."),
        "subscription_without_secret": _(
            "What is told is signed. Enter a secret of at least 16 characters before switching it on."
        ),
        "subscription_secret_same": _("This is the secret in force. Enter another one."),
        "subscription_overlap_out_of_range": _(
            "The former secret may go on signing for 0 to %(most)d hours. Choose a number of hours between."
        ),
        "subscription_reason_needed": _("This changes who is told of what, or where. Say why."),
    }
)
