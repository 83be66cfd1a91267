"""How uploads come in: to a temporary file that stops growing at the limit, whoever sends it."""

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedFileUploadHandler(TemporaryFileUploadHandler):
    """Counts everything and writes no more than `UPLOAD_MAX_BYTES`.

    The file's size is the true one, so that a form refuses it with its own sentence instead of the connection breaking.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = settings.UPLOAD_MAX_BYTES - start
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
        return None
