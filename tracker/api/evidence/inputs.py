"""What comes in about files."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from projects.errors import DomainError
from tracker.api.inputs import Input
from tracker.api.once import OnceInput


@extend_schema_field(OpenApiTypes.BINARY)
class BytesField(serializers.FileField):
    """A file; described as bytes, which is what a client sends."""


class UploadInput(OnceInput):
    """One file and what it proves. PDF, pictures or Office files, judged by their content."""

    upload = BytesField(allow_empty_file=True, help_text="At most LUOSHI_EVIDENCE_MB megabytes.")
    note = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="What it proves.")

    def validate_upload(self, value: object) -> object:
        """One file a call: of several only one would be kept."""
        if len(self.initial_data.getlist("upload")) > 1:
            raise DomainError("evidence_too_many", field="upload", most=1)
        return value


class WithdrawalInput(Input):
    reason = serializers.CharField(
        max_length=1000, help_text="The file is not served any more; its name, its digest and this reason stay."
    )


class UploadParser(MultiPartParser):
    """``multipart/form-data`` as the site's upload handlers take it: large files go to disk, capped."""
