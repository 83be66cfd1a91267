"""Uploads stop growing at the limit, and tell their true size."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import RequestFactory

from config.uploads import CappedFileUploadHandler


def received(size: int) -> Any:
    handler = CappedFileUploadHandler()
    handler.new_file("files", "a.pdf", "application/pdf", size)
    for start in range(0, size, 1000):
        handler.receive_data_chunk(b"x" * min(1000, size - start), start)
    return handler.file_complete(size)


def test_a_file_within_the_limit_comes_whole(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2500
    with received(2500) as file:
        assert (file.size, len(file.read())) == (2500, 2500)


def test_a_file_beyond_the_limit_fills_no_disk_and_says_how_large_it_was(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2500
    with received(10_000) as file:
        assert (file.size, len(file.read())) == (10_000, 2500)


def test_a_request_is_handled_by_the_two_handlers_of_the_settings(settings: Any) -> None:
    request = RequestFactory().post("/", {"files": "x"})
    handlers = [type(handler) for handler in request.upload_handlers]
    assert handlers == [MemoryFileUploadHandler, CappedFileUploadHandler]
