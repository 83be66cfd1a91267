"""The sentences of the tracker's refusals: each code is worded once. Importing this package words them all."""

from tracker.errors import desk, facts, inbox, ledgers, site, slips, workdays

__all__ = ["desk", "facts", "inbox", "ledgers", "site", "slips", "workdays"]
