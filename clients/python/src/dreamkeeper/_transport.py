"""How calls reach a server: one place for addresses, keys, retries, errors and streams.

A call that may be sent twice is sent again after a lost connection, a 429 or a 503: reading, `PUT`, `DELETE`, and an
append, which gets an idempotency key of its own when it has none. Anything else fails at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict
from urllib.parse import quote

import httpx

from .errors import DreamkeeperConnectionError, error_of

BASE_URL: Final = "http://127.0.0.1:7077"
TIMEOUT_S: Final = 60.0
RETRIES_MAX: Final = 3
WAIT_S_MAX: Final = 8.0
RETRIED: Final = frozenset({429, 502, 503, 504})


class Unset:
    """What a keyword is that was not given; `None` is a value of its own (it clears)."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")


@dataclass
class Call:
    """One request, before it is sent. What is unset is left out."""

    method: str
    path: str
    reader: str = "json"
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    idempotency_key: str | None | Unset = UNSET

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        query: list[tuple[str, str | int | float | bool | None]] = [
            (name, one) for name, value in given(self.query).items() for one in listed(value)
        ]
        content = None if self.body is None else json.dumps(given(self.body)).encode()
        headers = {"content-type": "application/json"} if content is not None else {}
        if self.idempotency_key and not isinstance(self.idempotency_key, Unset):
            headers["idempotency-key"] = self.idempotency_key
        return client.build_request(self.method, self.path, params=query, content=content, headers=headers)

    def may_be_repeated(self) -> bool:
        safe = self.method in ("GET", "PUT", "DELETE") or self.path.endswith(("/recall", "/list"))
        return safe or bool(self.idempotency_key)

    def prepared(self) -> Call:
        """An append without an idempotency key gets one, so that it may be repeated."""
        appends = self.method == "POST" and self.path == "/dk/v1/messages"
        keyed = bool(self.idempotency_key) or bool(given(self.body or {}).get("idempotency_key"))
        if appends and not keyed:
            self.idempotency_key = str(uuid.uuid4())
        return self


def given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not isinstance(value, Unset)}


def listed(value: Any) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values if one is not None]


def options(base_url: str | None, api_key: str | None, timeout_s: float) -> dict[str, Any]:
    """What both clients are made with; `DREAMKEEPER_URL` and `DREAMKEEPER_API_KEY` stand in for what is not told."""
    key = api_key if api_key is not None else os.environ.get("DREAMKEEPER_API_KEY")
    headers = {"user-agent": "dreamkeeper-python", "accept": "application/json, */*;q=0.5"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    address = base_url or os.environ.get("DREAMKEEPER_URL") or BASE_URL
    return {"base_url": address.rstrip("/"), "headers": headers, "timeout": timeout_s}


def wait_s(attempt: int, answer: httpx.Response | None) -> float:
    """Seconds before the next try: what the server says, else doubling from a quarter with jitter."""
    told = answer.headers.get("retry-after", "") if answer is not None else ""
    if told.isdigit():
        return min(float(told), WAIT_S_MAX)
    return min(0.25 * 2**attempt, WAIT_S_MAX) * random.uniform(0.75, 1.25)


def read(call: Call, answer: httpx.Response) -> Any:
    if call.reader == "nothing":
        return None
    return answer.json() if call.reader == "json" else answer.text


class StreamedEvent(TypedDict):
    """One server-sent event: its name and its data."""

    event: str
    data: Any


class Lines:
    """Makes answers of the lines of a stream: JSON lines, or server-sent events, whose comments are skipped."""

    def __init__(self, call: Call) -> None:
        self._sends_events = call.reader == "events"
        self._event = "message"

    def read(self, line: str) -> Any | None:
        if not self._sends_events:
            return json.loads(line) if line.strip() else None
        field_name, _, value = line.partition(":")
        if field_name == "event":
            self._event = value.strip()
        elif field_name == "data":
            return StreamedEvent(event=self._event, data=json.loads(value))
        elif not line:
            self._event = "message"
        return None


class Transport:
    """Sends calls and waits. Use it as a context manager, or close it."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        http_client: httpx.Client | None = None,
    ) -> None:
        made = options(base_url, api_key, timeout_s)
        self._http = http_client or httpx.Client(**made)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _send(self, call: Call) -> Any:
        call.prepared()
        for attempt in range(RETRIES_MAX + 1):
            last = attempt == RETRIES_MAX or not call.may_be_repeated()
            try:
                answer = self._http.send(call.request(self._http))
            except httpx.TransportError as error:
                if last:
                    raise DreamkeeperConnectionError(str(self._http.base_url), error) from error
                time.sleep(wait_s(attempt, None))
                continue
            if answer.is_success:
                return read(call, answer)
            if last or answer.status_code not in RETRIED:
                raise error_of(answer)
            time.sleep(wait_s(attempt, answer))
        raise AssertionError("the last try returns or raises")

    def _stream(self, call: Call) -> Iterator[Any]:
        request = call.request(self._http)
        request.extensions["timeout"] = {**request.extensions.get("timeout", {}), "read": None}
        try:
            answer = self._http.send(request, stream=True)
        except httpx.TransportError as error:
            raise DreamkeeperConnectionError(str(self._http.base_url), error) from error
        try:
            if not answer.is_success:
                answer.read()
                raise error_of(answer)
            lines = Lines(call)
            for line in answer.iter_lines():
                if (found := lines.read(line)) is not None:
                    yield found
        finally:
            answer.close()


class AsyncTransport:
    """The same for asyncio."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        made = options(base_url, api_key, timeout_s)
        self._http = http_client or httpx.AsyncClient(**made)

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _send(self, call: Call) -> Any:
        call.prepared()
        for attempt in range(RETRIES_MAX + 1):
            last = attempt == RETRIES_MAX or not call.may_be_repeated()
            try:
                answer = await self._http.send(call.request(self._http))
            except httpx.TransportError as error:
                if last:
                    raise DreamkeeperConnectionError(str(self._http.base_url), error) from error
                await asyncio.sleep(wait_s(attempt, None))
                continue
            if answer.is_success:
                return read(call, answer)
            if last or answer.status_code not in RETRIED:
                raise error_of(answer)
            await asyncio.sleep(wait_s(attempt, answer))
        raise AssertionError("the last try returns or raises")

    async def _stream(self, call: Call) -> AsyncIterator[Any]:
        request = call.request(self._http)
        request.extensions["timeout"] = {**request.extensions.get("timeout", {}), "read": None}
        try:
            answer = await self._http.send(request, stream=True)
        except httpx.TransportError as error:
            raise DreamkeeperConnectionError(str(self._http.base_url), error) from error
        try:
            if not answer.is_success:
                await answer.aread()
                raise error_of(answer)
            lines = Lines(call)
            async for line in answer.aiter_lines():
                if (found := lines.read(line)) is not None:
                    yield found
        finally:
            await answer.aclose()
