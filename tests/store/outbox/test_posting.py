"""Where messages may go, how they are signed, what is made of answers."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from api.outgoing.posting import Answer, headers, post, posting_session
from api.outgoing.secrets import made_secret, secrets_of
from api.outgoing.targets import allowed, demand_target
from geo.errors import BadLimitsError, HookSecretError, HookTargetError
from geo.outbox import limits, reference_in, wait
from tests.apart import apart
from tests.store.outbox import receiver as behave
from tests.store.outbox.receiver import Receiver, receiving


@pytest.fixture
def target() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def posted(url: str, may: str, *, read: int = 0) -> Answer:
    async def go() -> Answer:
        async with posting_session(allowed(may), limits()) as session:
            return await post(session, url, "{}", {"webhook-id": "one"}, read=read)

    return apart(lambda: asyncio.run(go()))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/", "http://localhost/", "http://169.254.169.254/latest/meta-data",
        "http://[::1]/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/", "http://127.1/",
        "http://[::ffff:127.0.0.1]/", "http://10.1.2.3/", "ftp://hooks.cn/", "file:///etc/passwd",
        "http://user:word@hooks.cn/", "//hooks.cn/", "http://", "http://hooks.cn:99999/",
        "http://hooks.cn.evil.cn/", "http://evilhooks.cn/", "http://hooks.cn\r\n.evil.cn/", "",
        "http://[::1", "https://[fe80::1%25lo]/",
    ],
)  # fmt: skip
def test_an_address_that_nobody_allowed_is_refused(url: str) -> None:
    with pytest.raises(HookTargetError):
        demand_target(url, allowed("hooks.cn, *.gov.cn"))


@pytest.mark.parametrize(
    "host", ["１２７.0.0.1", "127。0。0。1", "①⑨②.168.1.1", "169．254．169．254"]
)
def test_an_address_in_other_letters_is_the_address_that_is_connected_to(host: str) -> None:
    may = allowed("10.0.0.0/8")  # where a network is allowed, a name is looked at as it resolves
    with pytest.raises(HookTargetError):
        demand_target(f"http://{host}/", may)
    demand_target("http://１０。1.2.3/", may)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://hooks.cn:8443/in?x=1", "hooks.cn"),
        ("https://钩子.政务.cn/", "*.政务.cn"),
        ("http://HOOKS.cn./", "hooks.cn"),
        ("http://a.b.gov.cn/", "*.gov.cn"),
        ("http://10.1.2.3/", "10.0.0.0/8"),
        ("http://[fd00::7]/", "fd00::/8"),
    ],
)
def test_an_address_that_is_allowed_passes(url: str, may: str) -> None:
    demand_target(url, allowed(may))


@pytest.mark.parametrize("host", ["localhost", "2130706433", "127.1", "0x7f.1"])
def test_a_name_that_leads_to_this_machine_leads_nowhere(target: Receiver, host: str) -> None:
    url = target.url.replace("127.0.0.1", host)
    assert not posted(url, host).ok
    assert not target.tries
    assert posted(target.url, "127.0.0.0/8").ok


def test_a_redirect_is_not_followed(target: Receiver) -> None:
    target.script = [behave.answer(307, location=target.url)]
    answer = posted(target.url, "127.0.0.1")
    assert (answer.ok, answer.status, sum(target.tries.values())) == (False, 307, 1)


def test_an_answer_in_a_number_is_read_and_a_huge_one_is_not(target: Receiver) -> None:
    target.script = [
        behave.answer(200, b'{"reference": "C-17"}'),
        behave.answer(200, b'{"reference": "' + b"x" * 100_000 + b'"}'),
    ]
    assert posted(target.url, "127.0.0.1", read=1000).reference == "C-17"
    assert posted(target.url, "127.0.0.1", read=1000) == Answer(ok=True, status=200)


def test_a_receiver_that_is_not_there_is_away() -> None:
    answer = posted("http://127.0.0.1:9/", "127.0.0.1")
    assert (answer.ok, answer.away) == (False, True)


def test_a_secret_signs_as_the_standard_says(tmp_path: Path) -> None:
    old = made_secret(tmp_path, "city")
    new = "whsec_" + b64encode(b"n" * 32).decode()
    file = tmp_path / "hooks" / "city.secret"
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(f"{old}\n{new}\n", "ascii")
    told = headers("msg_1", '{"区":1}', secrets_of(tmp_path, "city"), datetime.now(UTC))
    for secret in (old, new):
        Webhook(secret).verify('{"区":1}', told)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify('{"区":2}', told)


@pytest.mark.parametrize("kept", [None, "", "whsec_", "whsec_!!", "secret", "whsec_YWJj", "密钥"])
def test_a_secret_that_is_none_is_said(tmp_path: Path, kept: str | None) -> None:
    (tmp_path / "hooks").mkdir()
    if kept is not None:
        (tmp_path / "hooks" / "city.secret").write_text(kept, "utf-8")
    with pytest.raises(HookSecretError):
        secrets_of(tmp_path, "city")


def test_a_secret_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "whsec_" + b64encode(b"e" * 32).decode()
    monkeypatch.setenv("JINGWEI_HOOK_SECRET_CITY_LIGHTS", secret)
    assert secrets_of(tmp_path, "city-lights") == [secret]


@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(0, 1e9) | st.none())
def test_the_wait_grows_to_a_limit_and_heeds_the_receiver_for_a_day(
    attempts: int, roll: float, asked: float | None
) -> None:
    rules = limits()
    most = rules.retry_longest * (1 + rules.retry_jitter)
    found = wait(attempts, rules, roll, asked)
    assert min(asked or 0, 86_400) <= found <= max(most, min(asked or 0, 86_400))
    assert found >= rules.retry_first * (1 - rules.retry_jitter)


@given(st.binary(max_size=200))
def test_any_answer_has_a_number_or_none(answer: bytes) -> None:
    assert len(reference_in(answer)) <= 128


@pytest.mark.parametrize("told", ["", "lease = 3", "[lease]\nseconds = 61", "[lease]\nlong = 1"])
def test_limits_that_break_their_form_are_said(tmp_path: Path, told: str) -> None:
    (tmp_path / "outbox.toml").write_text(told, "utf-8")
    with pytest.raises(BadLimitsError):
        limits(tmp_path / "outbox.toml")
