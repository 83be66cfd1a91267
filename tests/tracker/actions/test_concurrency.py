"""Two people at once, on PostgreSQL: nothing is lost, nothing is done twice, the log has no gap."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_initiative, make_report, make_user
from tracker.actions import reports, reviews
from tracker.choices import ReportState, Role
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, ProgressReport
from tracker.policies import actor_of
from tracker.queries import chain
from tracker.rules.reporting import ReportValues

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*works: Callable[[], object], patience: float = 30) -> list[object]:
    """Run each in a thread with its own connection, all released together; results or exceptions, in order.

    `patience`: the seconds after which two are taken to wait for each other.
    """
    gate, found = threading.Barrier(len(works), timeout=20), dict[int, object]()

    def run(number: int, work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            found[number] = work()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
        assert not thread.is_alive(), "two writers wait for each other"
    return [found[number] for number in range(len(works))]


def reviewers(cast: Cast) -> tuple[Callable[[ProgressReport], object], ...]:
    other = make_user("second", role=Role.SUPERVISOR, department=cast.office)
    return tuple(
        lambda report, user=user: reviews.accept(report, by=actor_of(user), today=TODAY) for user in (cast.chen, other)
    )


def test_two_reports_accepted_at_once_are_both_kept_with_their_own_revisions() -> None:
    cast = make_cast()
    rows = [
        make_report(make_commitment(department=cast.science), author=cast.lin, progress=Decimal(n)) for n in (30, 60)
    ]
    first, second = reviewers(cast)
    results = at_once(lambda: first(rows[0]), lambda: second(rows[1]))
    assert all(isinstance(one, ProgressReport) for one in results), results
    assert ProgressReport.objects.filter(state=ReportState.ACCEPTED).count() == 2
    assert set(Commitment.objects.values_list("progress", flat=True)) == {30, 60}
    assert len(set(Commitment.objects.values_list("revision", flat=True))) == 2
    numbers = list(Event.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert chain.verify().broken_seq is None


def test_the_same_report_accepted_twice_at_once_is_accepted_once() -> None:
    cast = make_cast()
    report = make_report(make_commitment(department=cast.science), author=cast.lin, progress=Decimal(40))
    first, second = reviewers(cast)
    results = at_once(lambda: first(report), lambda: second(report))
    refused = [one for one in results if isinstance(one, DomainError)]
    assert [error.code for error in refused] == ["report_not_submitted"]
    assert Event.objects.filter(kind=EventKind.REPORT_ACCEPTED).count() == 1
    assert chain.verify().broken_seq is None


def test_two_reports_on_one_initiative_accepted_at_once_do_not_wait_for_each_other_for_ever() -> None:
    cast = make_cast()
    thing = make_initiative()
    rows = [
        make_report(make_commitment(department=cast.science, initiative=thing), author=cast.lin, progress=Decimal(n))
        for n in (30, 60)
    ]
    first, second = reviewers(cast)
    results = at_once(lambda: first(rows[0]), lambda: second(rows[1]))
    assert all(isinstance(one, ProgressReport) for one in results), results
    assert len(set(Commitment.objects.values_list("progress", flat=True))) == 1
    assert chain.verify().broken_seq is None


def test_two_colleagues_who_begin_a_report_at_once_share_one() -> None:
    cast = make_cast()
    item = make_commitment(department=cast.science)
    lan = make_user("lan", department=cast.science)
    at_once(
        *(
            lambda user=user: reports.save_draft(
                item, values=ReportValues(done=user.username), by=actor_of(user), today=TODAY
            )
            for user in (cast.lin, lan)
        )
    )
    assert ProgressReport.objects.count() == 1
    assert Event.objects.filter(kind=EventKind.REPORT_SAVED).count() == 2
