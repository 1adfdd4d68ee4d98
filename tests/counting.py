"""Queries of a page in a warm process: header data and routes are known, the page itself is not."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms import version


def queries(client: Client, url: str) -> int:
    """Return how many queries an address needs.

    `forget` ends the open change of the test's own transaction, in which nothing may be kept. The look at the content
    counter once a second does not count: whether it falls into the request depends on the machine.
    """
    version.forget()
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return sum('"cms_counter"' not in query["sql"] for query in captured)
