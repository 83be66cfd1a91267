"""Addresses of questions."""

from django.urls import path

from tracker.api.questions import blockers, extensions, instructions

PATTERNS = [
    path("extensions/", extensions.ExtensionListView.as_view(), name="api-extensions"),
    path("extensions/<uuid:ref>/", extensions.ExtensionView.as_view(), name="api-extension"),
    path("extensions/<uuid:ref>/decision/", extensions.DecisionView.as_view(), name="api-extension-decision"),
    path(
        "extensions/<uuid:ref>/withdrawal/",
        extensions.ExtensionWithdrawalView.as_view(),
        name="api-extension-withdrawal",
    ),
    path("blockers/", blockers.BlockerListView.as_view(), name="api-blockers"),
    path("blockers/posts/", blockers.AskedPostListView.as_view(), name="api-blocker-posts"),
    path("blockers/<uuid:ref>/", blockers.BlockerView.as_view(), name="api-blocker"),
    path("blockers/<uuid:ref>/answer/", blockers.BlockerAnswerView.as_view(), name="api-blocker-answer"),
    path("blockers/<uuid:ref>/withdrawal/", blockers.BlockerWithdrawalView.as_view(), name="api-blocker-withdrawal"),
    path("instructions/", instructions.InstructionListView.as_view(), name="api-instructions"),
    path("instructions/givers/", instructions.GiverListView.as_view(), name="api-instruction-givers"),
    path("instructions/<uuid:ref>/", instructions.InstructionView.as_view(), name="api-instruction"),
    path(
        "instructions/<uuid:ref>/answer/", instructions.InstructionAnswerView.as_view(), name="api-instruction-answer"
    ),
    path(
        "instructions/<uuid:ref>/withdrawal/",
        instructions.InstructionWithdrawalView.as_view(),
        name="api-instruction-withdrawal",
    ),
]
