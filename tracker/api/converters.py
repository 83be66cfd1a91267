"""What may stand in an address beside numbers and references."""

from django.urls import register_converter


class CodeConverter:
    """A commitment's code: no slash, no control characters, at most what the column holds."""

    regex = r"[^/\x00-\x1f\x7f]{1,40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ClauseConverter(CodeConverter):
    """A clause's code."""

    regex = r"[^/\x00-\x1f\x7f]{1,20}"


register_converter(ClauseConverter, "clause_code")
register_converter(CodeConverter, "commitment_code")
# How a commitment and an initiative stand in addresses.
COMMITMENT = "commitments/<commitment_code:code>/"
INITIATIVE = "initiatives/<commitment_code:code>/"
