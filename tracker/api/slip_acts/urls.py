"""Addresses of what is done with slips; the list stands here because it is the door for a new one too."""

from django.urls import path

from tracker.api.slip_acts import views

PATTERNS = [
    path("slips/", views.SlipListView.as_view(), name="api-slips"),
    path("slips/<uuid:ref>/issuance/", views.IssuanceView.as_view(), name="api-slip-issuance"),
    path("slips/<uuid:ref>/drop/", views.DropView.as_view(), name="api-slip-drop"),
    path("slips/<uuid:ref>/withdrawal/", views.WithdrawalView.as_view(), name="api-slip-withdrawal"),
    path("slips/<uuid:ref>/answer/", views.AnswerView.as_view(), name="api-slip-answer"),
]
