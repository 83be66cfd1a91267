"""Refusals about channels: their addresses, their secrets, and switching them on and off."""

from django.utils.translation import gettext_lazy as _

from projects.errors import word

word(
    {
        "channel_address_unclear": _(
            "This is no address of a web server. It looks like https://relay.example.org/luoshi, in Latin letters."
        ),
        "channel_address_has_password": _(
            "The address holds a name or password. Leave them out; the secret has a field of its own."
        ),
        "channel_address_needs_https": _(
            "Over http others can read along. Use an https address; http works only on this very machine."
        ),
        "channel_address_forbidden": _(
            "%(address)s belongs to the machine’s own network and is no relay. Use another address."
        ),
        "channel_address_of_another_server": _(
            "This robot’s address begins with https://%(server)s. Enter the address of a server of your own in the "
            "field for it, and only the robot’s key here."
        ),
        "channel_key_unclear": _(
            "This is no key of such a robot. Copy the whole address that the app shows for the robot."
        ),
        "channel_environment_name": _(
            "Only variables whose names begin with %(prefix)s can be read here, and not the site’s own keys. "
            "Rename the variable."
        ),
        "channel_environment_missing": _(
            "%(name)s is not set where this was tried. Set it for the web server and the worker, and start them anew."
        ),
        "channel_sealed_otherwise": _(
            "What is stored was encrypted with another key and cannot be read. Enter it again, or set the former key "
            "as LUOSHI_CHANNEL_KEY_OLD."
        ),
        "channel_without_address": _("The channel has no address yet. Enter it before switching the channel on."),
        "channel_without_secret": _(
            "Messages to a webhook are signed. Enter a secret of at least 16 characters before switching it on."
        ),
        "channel_secret_short": _("The secret is too short to protect anything. Use at least 16 characters."),
        "channel_without_mail": _(
            "No mail server is set for the site. Set LUOSHI_EMAIL_BACKEND and LUOSHI_EMAIL_HOST "
            "(docs/operations.md) before switching e-mail on."
        ),
        "channel_takes_no_secret": _("Robots of this kind are not signed with a secret. Leave the field empty."),
        "channel_takes_no_address": _(
            "E-mail goes to the address of each person. The mail server stands in the environment, not here."
        ),
        "channel_takes_no_server": _("Only robots can stand on a server of their own. Leave the field empty."),
        "channel_code_taken": _("There is a channel “%(code)s” already. Choose another code."),
        "channel_email_exists": _("There is a channel for e-mail already. Change that one."),
        "channel_robot_homeless": _("A robot speaks to a group. Choose the department whose group it is."),
        "channel_name_missing": _("The channel needs a name. People choose it by its name."),
        "channel_test_failed": _(
            "The last test failed: %(why)s Send another test, or tick that it is to be switched on all the same."
        ),
        "channel_reason_needed": _("This changes how people are reached. Say why."),
    }
)
