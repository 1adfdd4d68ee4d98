"""The page cache gives everybody's page to everybody, nobody's page to anybody, and never yesterday's."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import brotli
import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction, Site

from cms.models import CustomDocument, CustomImage, SiteSettings
from cms.pagecache import marking, told
from cms.pagecache.front import PageCache
from cms.pagecache.shelf import Answer, Shelf
from cms.version import Counter, forget, lasts, making, raise_counter
from home.models import ContactSettings, NewsIndexPage, StandardPage
from knowledge.models import FundingProgramme
from search import counting, documents, queries
from search.engines.interface import SearchRequest
from search.models import SearchTerm
from search.words import SEARCH
from tests.factories import pages as make
from tests.factories.registrations import book
from tests.factories.staff import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
MEGABYTE = 1024 * 1024


class Got:
    """One answer as it goes over the wire."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status.split(maxsplit=1)[0])
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body


class Front:
    """A browser in front of the page cache."""

    def __init__(self, application: Any = None, most_bytes: int = MEGABYTE) -> None:
        self.cache = PageCache(application or WSGIHandler(), most_bytes)

    def get(self, path: str, method: str = "GET", **headers: str) -> Got:
        environ = RequestFactory().generic(method, path, headers={"host": "testserver", **headers}).environ
        said: list[Any] = []
        result = self.cache(environ, lambda *args: said.append(args))
        body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        return Got(said[-1][0], said[-1][1], body)

    @property
    def counts(self) -> dict[str, int]:
        return dict(self.cache.shelf.counts)


@pytest.fixture(autouse=True)
def _open_connection() -> Iterator[None]:
    """Let requests leave the test's own connection open, as Django's test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def tree() -> make.Tree:
    return make.make_tree()


@pytest.fixture
def front(tree: make.Tree) -> Front:
    return Front()


def test_second_visitor_is_answered_from_memory(front: Front, tree: make.Tree, django_assert_max_num_queries: Any):
    path = make.make_standard(tree, title="Wer dahintersteht").url
    first = front.get(path)

    with django_assert_max_num_queries(3):  # the counters: this transaction has raised them, so they are read each time
        second = front.get(path)

    assert "Wer dahintersteht" in second.body.decode()
    assert (second.body, second.headers) == (first.body, first.headers)
    assert front.counts == {"misses": 1, "hits": 1}


def test_answer_is_compressed_as_the_browser_wishes(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    plain = front.get(path)

    small = front.get(path, accept_encoding="gzip, deflate, br")
    older = front.get(path, accept_encoding="gzip;q=1.0, br;q=0")

    assert brotli.decompress(small.body) == gzip.decompress(older.body) == plain.body
    assert [small.headers["content-encoding"], older.headers["content-encoding"]] == ["br", "gzip"]
    assert len({one.headers["etag"] for one in (plain, small, older)}) == 3
    assert {one.headers["vary"] for one in (plain, small, older)} == {"Accept-Encoding"}
    assert int(small.headers["content-length"]) == len(small.body)


def test_browser_that_has_the_answer_gets_304(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    etag = front.get(path, accept_encoding="br").headers["etag"]

    again = front.get(path, accept_encoding="br", if_none_match=f'"other", W/{etag}')
    changed = front.get(path, accept_encoding="br", if_none_match='"other"')

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert again.headers["cache-control"] == "no-cache"
    assert "content-security-policy" in again.headers
    assert changed.status == 200


def test_first_visitor_with_an_old_copy_leaves_a_whole_page_behind(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url

    front.get(path, if_none_match='"old"', range="bytes=0-9", accept_encoding="gzip")

    whole = front.get(path, range="bytes=0-9")
    assert (whole.status, whole.body[-8:]) == (200, b"</html>\n")
    assert "content-range" not in whole.headers


def test_head_is_answered_without_body(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    length = front.get(path).headers["content-length"]

    head = front.get(path, method="HEAD")

    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", length)


def test_head_that_comes_first_leaves_nothing_behind(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url

    assert front.get(path, method="HEAD").status == 200
    assert front.counts == {"passed": 1}
    assert len(front.cache.shelf) == 0


def test_what_is_sent_goes_past(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    front.get(path)

    assert front.get(path, method="POST").status == 403  # Django was asked: it misses the token of a form
    assert front.counts == {"misses": 1, "passed": 1}


def test_cookie_that_is_not_ours_changes_nothing(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    front.get(path, cookie="consent=1")

    assert front.get(path, cookie="other=2").status == 200
    assert front.counts == {"misses": 1, "hits": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"a=b; {django_settings.SESSION_COOKIE_NAME}=x"},
        {"cookie": "messages=x"},
        {"authorization": "Bearer x"},
    ],
)
def test_whoever_may_get_something_else_goes_past(front: Front, tree: make.Tree, headers: dict[str, str]):
    path = make.make_standard(tree).url
    front.get(path)

    got = front.get(path, **headers)

    assert got.status == 200
    assert front.counts == {"misses": 1, "passed": 1}
    assert len(front.cache.shelf) == 1


def test_editor_sees_the_draft_and_visitors_never_do(front: Front, tree: make.Tree, client: Client):
    page = make.make_standard(tree, title="Öffentlich")
    page.title = "Geheimer Entwurf"
    page.save_revision()
    client.force_login(make_staff("editor"))
    session = {"cookie": f"{django_settings.SESSION_COOKIE_NAME}={client.session.session_key}"}

    preview = front.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), **session)

    assert "Geheimer Entwurf" in preview.body.decode()
    assert len(front.cache.shelf) == 0
    assert "Geheimer Entwurf" not in front.get(page.url).body.decode()


def test_private_page_is_never_kept(front: Front, tree: make.Tree):
    page = make.make_standard(tree, title="Nur intern")
    front.get(page.url)
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="geheim")

    got = front.get(page.url)

    assert "Nur intern" not in got.body.decode()
    assert len(front.cache.shelf) == 0


def test_page_with_a_form_is_never_kept(front: Front, tree: make.Tree):
    run = make.make_run(make.make_training(tree))
    path = f"/de/anmelden/{run.number}/"

    tokens = {front.get(path).body.decode().split('name="start"')[1].split('value="')[1][:60] for _again in range(2)}

    assert len(tokens) == 2
    assert len(front.cache.shelf) == 0
    assert front.counts == {"passed": 2}


def test_foreign_host_gets_nothing(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    front.get(path)

    foreign = front.get(path, host="evil.example")

    assert foreign.status == 400
    assert len(front.cache.shelf) == 1


def test_own_hosts_do_not_get_each_others_addresses(front: Front, tree: make.Tree, settings: Any):
    settings.ALLOWED_HOSTS = ["testserver", "www.example.org"]
    path = make.make_standard(tree).url
    front.get(path)

    other = front.get(path, host="www.example.org")

    assert f'rel="canonical" href="http://www.example.org{path}"' in other.body.decode()


def test_unknown_query_is_answered_but_not_kept(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    front.get(path)

    assert front.get(f"{path}?x=1").status == 200
    assert front.get(f"{path}?q={'x' * 400}").status == 200
    assert front.counts == {"misses": 1, "passed": 2}


def test_names_for_tracking_lead_to_the_same_page(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    plain = front.get(path)

    tracked = front.get(f"{path}?utm_source=mail&fbclid=x")

    assert tracked.body == plain.body
    assert b"utm_source" not in front.get("/de/suche/?utm_source=mail&q=Plan").body
    assert front.counts["hits"] == 1


def take_in() -> None:
    """Let the index take in what has changed: the first search sees to it."""
    for locale in ("de", "en"):
        queries.search(SearchRequest("Seite", locale=locale))


@pytest.fixture
def searched(tree: make.Tree) -> None:
    """See to it that the index has taken in all that was published."""
    take_in()


@pytest.mark.usefixtures("searched")
def test_order_of_a_query_does_not_matter(front: Front):
    front.get("/de/suche/?sort=date&q=Plan")

    front.get("/de/suche/?q=Plan&sort=date")

    assert front.counts == {"misses": 1, "hits": 1}


def test_choice_of_language_and_errors_are_not_kept(front: Front):
    assert front.get("/", accept_language="en").headers["location"] == "/en/"
    assert front.get("/", accept_language="de").headers["location"] == "/de/"
    assert [front.get("/de/gibt-es-nicht/").status for _again in range(2)] == [404, 404]
    assert len(front.cache.shelf) == 0


def answering(response: Any, status: str = "200 OK", *, is_marked: bool = True) -> Front:
    """Return a browser in front of an application that always gives this answer."""

    def application(environ: Any, start_response: Any) -> Any:
        if is_marked:
            marking.may_be_kept(response)
        start_response(status, list(response.items()))
        return response

    return Front(application)


@pytest.mark.parametrize(
    ("front", "kept"),
    [
        (answering(HttpResponse("x")), 1),
        (answering(HttpResponse("x", headers={"Vary": "Accept-Encoding"})), 1),
        (answering(HttpResponse("x"), is_marked=False), 0),
        (answering(HttpResponse("x"), "404 Not Found"), 0),
        (answering(HttpResponse(headers={"Location": "/en/"}), "302 Found"), 0),
        (answering(StreamingHttpResponse(iter([b"x"]))), 0),
        (answering(HttpResponse("x", headers={"Set-Cookie": "a=b"})), 0),
        (answering(HttpResponse("x", headers={"Cache-Control": "private, no-store"})), 0),
        (answering(HttpResponse("x", headers={"Vary": "Accept-Encoding, Accept-Language"})), 0),
    ],
    ids=["plain", "encoding", "unmarked", "missing", "redirect", "stream", "cookie", "private", "language"],
)
def test_only_what_is_whole_and_the_same_for_all_is_kept(front: Front, kept: int):
    front.get("/de/")

    assert len(front.cache.shelf) == kept


def _publish(page: Any) -> None:
    page.title = "Neu"
    page.save_revision().publish()


def _rename(page: Any) -> None:
    page.slug = "neuer-ort"
    page.save_revision().publish()


CHANGES: dict[str, Callable[[Any], Any]] = {
    "publish": _publish,
    "unpublish": lambda page: page.unpublish(),
    "move": lambda page: page.move(NewsIndexPage.objects.first(), pos="last-child"),
    "slug": _rename,
    "delete": lambda page: page.delete(),
    "topic": lambda _page: make.topic().save(),
    "municipality": lambda _page: make.make_municipality(),
    "person": lambda _page: make.make_person(),
    "settings": lambda _page: SiteSettings.load().save(),
    "alias": lambda page: page.create_alias(update_slug="alias", parent=page.get_parent()),
    "child": lambda page: page.get_parent().add_child(instance=StandardPage(title="Neu", slug="ohne-revision")),
    "copy": lambda page: page.copy(update_attrs={"slug": "kopie"}),
    "script": lambda page: page.save(),
    "step": lambda _page: make.step("plan").save(),
    "programme": lambda _page: FundingProgramme(code="x", name_de="X", name_en="X").save(),
    "contact": lambda _page: ContactSettings.load().save(),
    "document": lambda _page: CustomDocument(title="Liste", file="x.pdf").save(),
    "image": lambda _page: CustomImage(title="Bild", width=1, height=1, file="x.png").save(),
    "restriction": lambda page: PageViewRestriction(page=page, restriction_type="login").save(),
    "site": lambda _page: Site.objects.get().save(),
    "language": lambda _page: Locale.objects.get(language_code="en").save(),
    "search": lambda _page: raise_counter(SEARCH),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_raises_a_counter_of_the_page(front: Front, tree: make.Tree, change: str):
    page = make.make_standard(tree)
    take_in()
    front.get("/de/suche/?q=Plan")
    (before,) = [dict(answer.versions) for answer in front.cache.shelf.answers.values()]

    CHANGES[change](page)

    after = dict(Counter.objects.values_list("name", "value"))
    assert set(before) == {"content", "search"}
    assert any(after[name] > value for name, value in before.items())


def content_counter() -> int:
    return Counter.objects.get(name="content").value


def test_alias_that_becomes_a_page_of_its_own_raises_the_counter(tree: make.Tree):
    page = make.make_standard(tree)
    alias = page.create_alias(update_slug="alias", parent=page.get_parent())
    before = content_counter()

    ConvertAliasPageAction(alias).execute(skip_permission_checks=True)

    assert content_counter() > before


def test_deleted_size_of_a_picture_raises_the_counter(tree: make.Tree):
    image = CustomImage.objects.create(title="Bild", width=1, height=1, file="x.png")
    size = image.renditions.create(filter_spec="width-1", width=1, height=1, file="x.width-1.png")
    before = content_counter()

    size.delete()

    assert content_counter() > before


def test_saved_draft_leaves_finished_pages_alone(front: Front, tree: make.Tree):
    page = make.make_standard(tree)
    front.get(page.url)

    page.title = "Entwurf"
    page.save_revision()

    front.get(page.url)
    assert front.counts == {"misses": 1, "hits": 1}


def test_redirect_works_at_once_and_ends_at_once(front: Front, tree: make.Tree):
    page = make.make_standard(tree)
    assert [front.get("/de/alter-ort/").status for _again in range(2)] == [404, 404]

    redirect = Redirect.objects.create(old_path="/de/alter-ort", redirect_page=page)
    assert [front.get("/de/alter-ort/").headers.get("location") for _again in range(2)] == [page.url] * 2
    redirect.delete()

    assert front.get("/de/alter-ort/").status == 404


def test_change_while_a_page_is_being_made_is_not_missed():
    made: list[str] = []

    def application(environ: Any, start_response: Any) -> HttpResponse:
        response = HttpResponse(f"read before change {len(made)}")
        if not made:
            raise_counter()  # somebody publishes after this page was read
        made.append("")
        marking.may_be_kept(response)
        start_response("200 OK", list(response.items()))
        return response

    front = Front(application)
    front.get("/de/")

    assert front.get("/de/").body == b"read before change 1"
    assert front.get("/de/").body == b"read before change 1"


def test_new_process_starts_with_nothing(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    front.get(path)

    after_the_deploy = Front()

    assert len(after_the_deploy.cache.shelf) == 0
    after_the_deploy.get(path)
    assert after_the_deploy.counts == {"misses": 1}


def test_published_text_is_there_at_once(front: Front, tree: make.Tree):
    page = make.make_standard(tree, title="Alt")
    assert "Alt" in front.get(page.url).body.decode()

    _publish(page)

    assert "Neu" in front.get(page.url).body.decode()
    page.unpublish()
    assert front.get(page.url).status == 404


def only_answer(front: Front) -> Answer:
    (answer,) = front.cache.shelf.answers.values()
    return answer


def test_seats_are_never_older_than_five_seconds(front: Front, tree: make.Tree):
    page = make.make_training(tree)
    run = make.make_run(page, seats=1)
    front.get(page.url)
    answer = only_answer(front)
    made = answer.ends_at - 5

    book(run, "Jo")

    assert answer.renew_at == pytest.approx(made + 4)
    assert answer.state(made + 3.9).value == "fresh"
    assert answer.state(made + 4.1).value == "stale"
    assert answer.state(made + 5.0).value == "old"


def test_whatever_shows_seats_lasts_five_seconds(front: Front, tree: make.Tree):
    page = make.make_training(tree)
    make.make_run(page, seats=1)
    take_in()

    for path in (tree.home.url, tree.offers.url, page.url):
        front.cache.shelf.answers.clear()
        began = time.monotonic()
        front.get(path)
        assert only_answer(front).ends_at <= began + 5 + (time.monotonic() - began), path


@time_machine.travel(dt.datetime(2027, 3, 1, 23, 30, tzinfo=dt.UTC) - dt.timedelta(hours=1), tick=False)
def test_nothing_is_kept_past_midnight(front: Front, tree: make.Tree):
    path = make.make_standard(tree).url
    began = time.monotonic()
    front.get(path)

    assert 1795 < only_answer(front).ends_at - began < 1805  # it is 23:30 in Berlin


def test_page_that_was_begun_before_midnight_is_not_kept_for_the_next_day():
    begun = dt.datetime(2027, 3, 1, 22, 59, 59, tzinfo=dt.UTC)  # a second to midnight in Berlin

    def application(environ: Any, start_response: Any) -> HttpResponse:
        response = HttpResponse(timezone.localdate())
        clock.shift(2)
        marking.may_be_kept(response)
        start_response("200 OK", list(response.items()))
        return response

    front = Front(application)
    with time_machine.travel(begun, tick=False) as clock:
        assert front.get("/de/").body == b"2027-03-01"

    assert only_answer(front).ends_at <= time.monotonic() + 1


def test_seats_are_as_old_as_the_moment_in_which_a_page_was_begun():
    def application(environ: Any, start_response: Any) -> HttpResponse:
        response = HttpResponse("4 von 4")
        lasts()
        began.append(time.monotonic())
        marking.may_be_kept(response)
        start_response("200 OK", list(response.items()))
        return response

    began: list[float] = []
    front = Front(application)
    front.get("/de/")

    assert only_answer(front).ends_at <= began[0] + 5


def test_search_behind_its_changes_is_not_kept(front: Front, tree: make.Tree, settings: Any):
    page = make.make_standard(tree, title="Servicestelle")
    take_in()
    front.get("/de/suche/?q=Servicestelle")
    front.get("/de/suche/?q=Servicestelle")
    assert front.counts == {"misses": 1, "hits": 1}
    settings.SEARCH_IN_TRANSACTIONS = False  # nobody takes the next change into the index
    page.title = "Servicestelle Nord"
    page.save_revision().publish()
    documents.remember([page])

    front.get("/de/suche/?q=Servicestelle")

    assert front.counts == {"misses": 1, "hits": 1, "passed": 1}


@pytest.mark.usefixtures("searched")
def test_search_from_memory_is_counted(front: Front):
    for _again in range(3):
        front.get("/de/suche/?q=Quantenflugzeug")

    counting.flush()
    assert front.counts == {"misses": 1, "hits": 2}
    assert SearchTerm.objects.get().searches == 3


def test_longest_unused_answer_goes_first():
    shelf = Shelf(4 * 2_000 + 4_000)
    now = time.monotonic()
    for name in "abc":
        shelf.put((name,), Answer([], b"x" * 1_500, (), now + 9, now + 9))
    shelf.find(("a",))

    shelf.put(("d",), Answer([], b"x" * 1_500, (), now + 9, now + 9))

    assert [shelf.find((name,)) is not None for name in "abcd"] == [True, False, True, True]
    assert shelf.answers.size <= shelf.answers.most_bytes
    shelf.put(("e",), Answer([], b"x" * 1_000_001, (), now + 9, now + 9))
    assert shelf.find(("e",)) is None


class Slow:
    """An application that answers when it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = threading.Event()

    def __call__(self, environ: Any, start_response: Any) -> HttpResponse:
        self.asked += 1
        text = f"answer {self.asked}"
        assert self.may_answer.wait(10)
        response = HttpResponse(text)
        marking.may_be_kept(response)
        start_response("200 OK", list(response.items()))
        return response


def many(front: Front, count: int) -> tuple[list[threading.Thread], list[bytes]]:
    bodies: list[bytes] = []
    threads = [threading.Thread(target=lambda: bodies.append(front.get("/de/").body)) for _number in range(count)]
    for thread in threads:
        thread.start()
    return threads, bodies


@pytest.fixture
def slow() -> Iterator[tuple[Front, Slow]]:
    application = Slow()
    yield Front(application), application
    application.may_answer.set()


def settle(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def test_one_makes_the_page_and_the_others_wait(slow: tuple[Front, Slow]):
    front, application = slow
    threads, bodies = many(front, 48)

    application.may_answer.set()

    settle(threads)
    assert application.asked == 1
    assert bodies == [b"answer 1"] * 48


def test_others_get_the_stale_page_while_one_makes_the_new_one(slow: tuple[Front, Slow]):
    front, application = slow
    application.may_answer.set()
    front.get("/de/")
    application.may_answer.clear()
    answer = only_answer(front)
    answer.renew_at = time.monotonic()  # four of its five seconds are over
    maker, made = many(front, 1)
    while application.asked < 2:
        time.sleep(0.001)

    threads, bodies = many(front, 4)
    settle(threads)
    assert bodies == [b"answer 1"] * 4

    application.may_answer.set()
    settle(maker)
    assert made == [b"answer 2"]
    assert front.get("/de/").body == b"answer 2"
    assert application.asked == 2


def test_answer_that_nobody_has_looked_at_for_a_second_is_not_given_once_it_is_wrong():
    now = time.monotonic()
    answer = Answer([], b"", (("content", -1),), now + 100, now + 100)

    assert answer.state(answer.true_at + 0.9).value == "stale"
    assert answer.state(answer.true_at + 1.1).value == "old"


def test_mistake_while_making_wakes_the_others():
    def broken(environ: Any, start_response: Any) -> HttpResponse:
        raise RuntimeError("broken")

    front = Front(broken)
    for _again in range(2):
        with pytest.raises(RuntimeError):
            front.get("/de/")


def test_without_database_django_says_what_is_wrong():
    def unavailable(environ: Any, start_response: Any) -> list[bytes]:
        start_response("503 Service Unavailable", [])
        return [b"later"]

    def broken(*_args: Any) -> None:
        raise OperationalError("the database is gone")

    front = Front(unavailable)
    front.get("/de/")
    forget()

    with connection.execute_wrapper(broken):
        assert [front.get("/de/").body, front.get("/de/wissen/").body] == [b"later"] * 2


def test_what_is_made_inside_another_answer_does_not_count_for_it():
    with making() as outer:
        with making() as inner:
            inner.may_be_kept = False
        assert outer.may_be_kept


def test_body_is_closed_so_that_django_ends_the_request(front: Front, tree: make.Tree):
    closed: list[bool] = []

    class Body(HttpResponse):
        def close(self) -> None:
            closed.append(True)
            super().close()

    def application(environ: Any, start_response: Any) -> HttpResponse:
        response = Body(io.BytesIO(b"x").read())
        marking.may_be_kept(response)
        start_response("200 OK", list(response.items()))
        return response

    front = Front(application)
    front.get("/de/")

    assert closed == [True]


def test_administrators_see_the_numbers_and_can_empty_all(
    front: Front, tree: make.Tree, client: Client, monkeypatch: pytest.MonkeyPatch
):
    path = make.make_standard(tree).url
    front.get(path)
    monkeypatch.setattr(told, "_next", 0.0)  # it is time
    told.from_time_to_time(front.cache.shelf)
    client.force_login(make_staff("editor"))
    assert client.get(reverse("pagecache")).status_code == 302
    assert client.post(reverse("pagecache_empty")).status_code == 302
    client.force_login(get_user_model().objects.create_superuser("boss", "boss@kgi.example", "secret"))

    page = client.get(reverse("pagecache")).content.decode()
    before = only_answer(front).versions
    assert client.get(reverse("pagecache_empty")).status_code == 405
    client.post(reverse("pagecache_empty"))

    assert f"<td>{os.getpid()}</td>" in page
    assert all(Counter.objects.get(name=name).value == value + 1 for name, value in before)


def test_numbers_of_a_dead_process_go_away(tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(told, "_next", 0.0)  # it is time
    told.from_time_to_time(Shelf(1))
    (file,) = told.folder().glob("*.json")
    dead = file.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194304')
    (told.folder() / "4194304.json").write_text(dead)

    assert [one.pid for one in told.by_all()] == [os.getpid()]
    assert not (told.folder() / "4194304.json").exists()
