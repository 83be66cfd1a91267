"""The sentences of the tracker's refusals: each code is worded once. Importing this package words them all."""

from tracker.errors import channels, desk, facts, inbox, layouts, ledgers, site, slips, subscriptions, workdays

__all__ = [
    "channels",
    "desk",
    "facts",
    "inbox",
    "layouts",
    "ledgers",
    "site",
    "slips",
    "subscriptions",
    "workdays",
]
