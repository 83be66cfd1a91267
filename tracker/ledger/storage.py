"""Where an upload waits between preview and confirmation: the cache, which every web process sees and which forgets."""

from import_export.tmp_storages import CacheStorage

from tracker.ledger.forms import KEPT_SECONDS


class UploadStorage(CacheStorage):  # type: ignore[misc]  # the library has no types
    """Kept for an hour under a name that nobody can guess; gone means None."""

    CACHE_LIFETIME = KEPT_SECONDS
    CACHE_PREFIX = "ledger-upload-"
