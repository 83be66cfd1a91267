"""Asks /healthz from inside a container, as the proxy would: neither host names nor the redirect to https refuse it.

Exit status 0 when `part` is up (`web`: when the page answers at all), else 1. Standard library only.
"""

import http.client
import json
import os
import sys


def main(part: str) -> int:
    """Ask for one part: web, database, redis, worker or beat."""
    host = (
        os.environ.get("LUOSHI_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".").replace("*", "localhost")
    )
    connection = http.client.HTTPConnection(os.environ.get("LUOSHI_WEB", "127.0.0.1:8000"), timeout=5)
    try:
        connection.request("GET", "/healthz?only=parts", headers={"Host": host, "X-Forwarded-Proto": "https"})
        parts = json.loads(connection.getresponse().read())["parts"]
    except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
        print(f"/healthz did not answer: {error}")
        return 1
    print(parts)
    return 0 if part == "web" or parts.get(part) == "up" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "web"))
