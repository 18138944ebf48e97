"""The Admin API over real HTTP: tokens, limits and misbehaviour."""

import pytest
import requests

from simulator import AppSettings, Faults, ShopifySimulator
from simulator.tokens import Tokens

APP = AppSettings()
QUERY = {"query": "{ shop { name } }"}
FIXED = {"X-Shopify-Access-Token": APP.fixed_tokens[0]}
GRANT = {
    "grant_type": "client_credentials",
    "client_id": APP.client_id,
    "client_secret": APP.client_secret,
}


@pytest.fixture
def simulator():
    with ShopifySimulator(seed=4) as running:
        running.shop.trade(12)
        yield running


def graphql(simulator, headers=FIXED, body=QUERY, **options):
    url = f"{simulator.base_url}/admin/api/2026-04/graphql.json"
    return requests.post(url, json=body, headers=headers, timeout=5, **options)


def token(simulator, **values):
    url = f"{simulator.base_url}/admin/oauth/access_token"
    return requests.post(url, data=GRANT | values, timeout=5)


def test_only_the_loopback_interface_is_bound(simulator):
    assert simulator.base_url.startswith("http://127.0.0.1:")


def test_a_granted_token_opens_the_door(simulator):
    granted = token(simulator).json()
    assert granted["expires_in"] == 86_399
    assert "read_orders" in granted["scope"]
    answer = graphql(simulator, {"X-Shopify-Access-Token": granted["access_token"]})
    assert answer.json()["data"]["shop"]["name"] == "Demo Shop"
    assert answer.headers["X-Shopify-API-Version"] == "2026-04"


def test_a_grant_may_be_asked_for_in_json(simulator):
    url = f"{simulator.base_url}/admin/oauth/access_token"
    assert requests.post(url, json=GRANT, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("values", "status"), [({"client_secret": "x"}, 401), ({"grant_type": "password"}, 400)]
)
def test_a_wrong_grant_is_refused(simulator, values, status):
    assert token(simulator, **values).status_code == status


@pytest.mark.parametrize("headers", [{}, {"X-Shopify-Access-Token": "shpat_wrong"}])
def test_a_bad_token_is_401(simulator, headers):
    assert graphql(simulator, headers).status_code == 401


def test_tokens_expire():
    now = [0.0]
    tokens = Tokens(AppSettings(token_lifetime=10), clock=lambda: now[0])
    granted = tokens.grant(GRANT)[1]["access_token"]
    assert tokens.valid(granted)
    now[0] = 10.0
    assert not tokens.valid(granted)
    assert tokens.valid(APP.fixed_tokens[0])


def test_an_expired_token_is_401_over_http():
    with ShopifySimulator(app=AppSettings(token_lifetime=0)) as simulator:
        expired = {"X-Shopify-Access-Token": token(simulator).json()["access_token"]}
        assert graphql(simulator, expired).status_code == 401


def test_revoked_tokens_are_401(simulator):
    simulator.tokens.revoke_all()
    assert graphql(simulator).status_code == 401


def test_pages_over_http_return_everything_once(simulator):
    text = """query ($after: String) { orders(first: 5, after: $after, sortKey: UPDATED_AT) {
      nodes { name } pageInfo { hasNextPage endCursor } } }"""
    names, page = [], {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        body = {"query": text, "variables": {"after": page["endCursor"]}}
        orders = graphql(simulator, body=body).json()["data"]["orders"]
        names, page = names + [node["name"] for node in orders["nodes"]], orders["pageInfo"]
    assert sorted(names) == [f"#{number}" for number in range(1001, 1013)]


def test_connections_are_kept_open(simulator):
    url = f"{simulator.base_url}/admin/api/2026-04/graphql.json"
    with requests.Session() as session:
        first = session.post(url, json=QUERY, headers=FIXED, timeout=5, stream=True)
        port = first.raw.connection.sock.getsockname()
        first.content  # noqa: B018
        second = session.post(url, json=QUERY, headers=FIXED, timeout=5, stream=True)
        assert second.raw.connection.sock.getsockname() == port
        second.content  # noqa: B018


@pytest.mark.parametrize("path", ["/admin/api/2019-01/graphql.json", "/nowhere"])
def test_unknown_paths_are_404(simulator, path):
    assert (
        requests.post(simulator.base_url + path, json=QUERY, headers=FIXED, timeout=5).status_code
        == 404
    )


def test_a_body_that_is_no_query_is_400(simulator):
    for body in ([], {"no": "query"}, "text", None):
        assert graphql(simulator, body=body).status_code == 400


def test_an_empty_bucket_throttles_with_status_200(simulator):
    simulator.bucket.drain()
    simulator.bucket.rate = 0
    answer = graphql(simulator)
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "THROTTLED"


def test_rate_limiting_says_when_to_come_back(simulator):
    simulator.faults = Faults(rate_limited=1, retry_after=2)
    answer = graphql(simulator)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2.0")


def test_server_errors_and_lost_connections(simulator):
    simulator.faults = Faults(server_error=1)
    assert graphql(simulator).status_code == 503
    simulator.faults = Faults(disconnect=1)
    with pytest.raises(requests.ConnectionError):
        graphql(simulator)


def test_a_hanging_answer_does_not_hold_up_the_end():
    with ShopifySimulator(faults=Faults(hang=1, hang_seconds=60)) as simulator:
        url = f"{simulator.base_url}/admin/api/2026-04/graphql.json"
        with pytest.raises(requests.Timeout):
            requests.post(url, json=QUERY, headers=FIXED, timeout=0.2)


def test_the_same_seed_misbehaves_alike():
    def statuses(seed):
        faults = Faults(rate_limited=0.3, server_error=0.3)
        with ShopifySimulator(seed=seed, faults=faults) as simulator:
            return [graphql(simulator).status_code for _ in range(20)]

    assert statuses(1) == statuses(1)
    assert statuses(1) != statuses(2)
    assert {200, 429, 503} == set(statuses(1))
