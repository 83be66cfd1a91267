"""P2: the REST list of 50 commitments with a token against raw SQL and orjson. `results` must be the same bytes."""

from collections.abc import Callable, Iterator

import orjson
from django.core import signing

from bench import servers
from bench.client import Client
from bench.servers import Server
from bench.timing import Pair, must_equal

TARGET = 5.0
PATH = "/api/v1/commitments/"
FILTER = "health=on_track&department=d01"


def pairs(product: Server, floor: Server, *, token: str, rows: int) -> Iterator[Pair]:
    """Compare, then hand out what may be timed. Raises Unequal or Failure."""
    headers = {"Authorization": f"Token {token}", "Accept_Language": "en"}
    deep = f"B{rows * 9 // 10:07d}"
    cursor = signing.Signer(salt=f"luoshi.api.cursor:{PATH}").sign_object([deep])
    for name, path, query in (
        ("list of 50 | raw SQL + orjson", PATH, ""),
        ("filtered list of 50 | raw SQL + orjson", f"{PATH}?{FILTER}", f"?{FILTER}"),
        ("list of 50 at row 90 % | raw SQL + orjson", f"{PATH}?cursor={cursor}", f"?after={deep}"),
    ):
        address = f"/commitments{query}"
        servers.warm(product.port, path, **headers)
        servers.warm(floor.port, address, **headers)
        mine, least = Client(product.port, **headers), Client(floor.port, **headers)
        must_equal(path, _parts(least.get(address).body), _parts(mine.get(path).body))
        yield Pair(
            work="P2", name=name, target=TARGET, samples=80, floor=_asking(least, address), product=_asking(mine, path)
        )
        mine.close()
        least.close()


def _parts(body: bytes) -> list[object]:
    """Whether there is a next page (its address differs: the product signs it), each row's bytes, all bytes."""
    found = orjson.loads(body)
    assert found["results"], body[:300]
    start, end = body.index(b"["), body.rindex(b"]") + 1
    return [found["next"] is not None, [orjson.dumps(row) for row in found["results"]], body[start:end]]


def _asking(client: Client, path: str) -> Callable[[], float]:
    def ask() -> float:
        answer = client.get(path)
        assert answer.status == 200, answer
        return answer.seconds

    return ask
