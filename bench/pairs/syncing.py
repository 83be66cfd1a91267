"""P2: a sync page of 500 commitments with a token against raw SQL and orjson. `commitments` must be the same."""

from collections.abc import Callable, Iterator

import orjson
from django.utils import translation

from bench import servers
from bench.client import Client
from bench.data import LEADER_ID
from bench.servers import Server
from bench.timing import Pair, must_equal

TARGET = 5.0
PATH = "/api/v1/sync/"


def pairs(product: Server, floor: Server, *, token: str, rows: int) -> Iterator[Pair]:
    """Compare, then hand out what may be timed. Raises Unequal or Failure."""
    from projects.models import SyncClock
    from tracker import policies
    from tracker.api.sync import cursors
    from tracker.api.sync.cursors import Cursor, Phase
    from tracker.models import User
    from tracker.queries.sync import BEGINNING, LAST_KEY, Place

    headers = {"Authorization": f"Token {token}", "Accept_Language": "en"}
    high, begin = rows * 10, rows // 2
    SyncClock.objects.update_or_create(pk=SyncClock.CLOCK_ID, defaults={"rev": high})
    viewer = policies.actor_of(User.objects.get(pk=LEADER_ID))
    with translation.override("en"):
        at = Cursor(BEGINNING, high, Phase.COMMITMENTS, Place(begin, LAST_KEY))
        path = f"{PATH}?cursor={cursors.write(at, viewer=viewer)}"
    address = f"/sync?revision={begin}&key={LAST_KEY}"
    servers.warm(product.port, path, **headers)
    servers.warm(floor.port, address, **headers)
    mine, least = Client(product.port, **headers), Client(floor.port, **headers)
    told = orjson.loads(mine.get(path).body)["commitments"]
    assert len(told) == 500, len(told)
    must_equal("sync", orjson.loads(least.get(address).body)["commitments"], told)
    yield Pair(
        work="P2",
        name="sync page of 500 | raw SQL + orjson",
        target=TARGET,
        samples=20,
        floor=_asking(least, address),
        product=_asking(mine, path),
    )
    mine.close()
    least.close()


def _asking(client: Client, path: str) -> Callable[[], float]:
    def ask() -> float:
        answer = client.get(path)
        assert answer.status == 200, answer
        return answer.seconds

    return ask
