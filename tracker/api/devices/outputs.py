"""What goes out about devices."""

from rest_framework import serializers

from tracker.api.serializers import Output


class DeviceOutput(Output):
    ref = serializers.UUIDField()
    name = serializers.CharField(help_text="As given at sign-in, else what the program called itself.")
    signed_in_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To within five minutes; null: not yet.")
    expires_at = serializers.DateTimeField(allow_null=True)
    is_this = serializers.BooleanField(help_text="The device that asks.")


class DevicesOutput(Output):
    results = DeviceOutput(many=True)
