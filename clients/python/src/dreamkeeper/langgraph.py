"""A LangGraph store that keeps its items as memories: searchable by meaning, versioned, and taken back when wanted.

An item is a memory with the item's key and value in its metadata and a label for each prefix of its namespace. Putting
changes that memory, so that its history tells every value; deleting forgets it, which `restore` undoes. A value takes at
most 16 KiB as JSON (the bound of a memory's metadata).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable
from datetime import datetime
from typing import Any, cast

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)
from langgraph.store.base.embed import get_text_at_path, tokenize_path

from .async_client import AsyncDreamkeeper
from .client import Dreamkeeper
from .types import Memory, Scope

ROOT = "langgraph"
PAGE = 1000
"Memories that one call lists, the server's bound."
RECALLED_MAX = 200
"Items that one search by meaning ranks, the server's bound."
LABEL_BYTES_MAX = 200

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
Steps = Generator[Call, Any, Any]
"""Calls to be made, one after another, each getting its answer: written once, driven with and without asyncio."""


class DreamkeeperStore(BaseStore):
    """`StateGraph.compile(store=DreamkeeperStore())`. Items of different scopes never meet."""

    supports_ttl = False

    def __init__(
        self,
        client: Dreamkeeper | None = None,
        async_client: AsyncDreamkeeper | None = None,
        *,
        scope: Scope | None = None,
    ) -> None:
        self._client, self._async_client = client, async_client
        self._scope: Scope = scope or {"app": ROOT}

    @property
    def client(self) -> Dreamkeeper:
        """The client for calls that wait; made from the environment when none was given."""
        if self._client is None:
            self._client = Dreamkeeper()
        return self._client

    @property
    def async_client(self) -> AsyncDreamkeeper:
        """The client for asyncio."""
        if self._async_client is None:
            self._async_client = AsyncDreamkeeper()
        return self._async_client

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Does operations in order; of several puts of one item the last one counts."""
        return [self._drive(self._steps(op)) for op in last_puts(ops)]

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """The same for asyncio."""
        return [await self._adrive(self._steps(op)) for op in last_puts(ops)]

    def _drive(self, steps: Steps) -> Result:
        answer: Any = None
        while True:
            try:
                name, positional, named = steps.send(answer)
            except StopIteration as end:
                return cast(Result, end.value)
            answer = getattr(self.client, name)(*positional, **named)

    async def _adrive(self, steps: Steps) -> Result:
        answer: Any = None
        while True:
            try:
                name, positional, named = steps.send(answer)
            except StopIteration as end:
                return cast(Result, end.value)
            answer = await getattr(self.async_client, name)(*positional, **named)

    def _steps(self, op: Op | None) -> Steps:
        match op:
            case None:
                return nothing()
            case GetOp():
                return self._get(op)
            case PutOp():
                return self._put(op)
            case SearchOp():
                return self._search(op)
            case ListNamespacesOp():
                return self._namespaces(op)
        raise TypeError(f"not an operation of a store: {op!r}")

    def _get(self, op: GetOp) -> Steps:
        found = yield from self._of(op.namespace, op.key)
        return item(found[0]) if found else None

    def _put(self, op: PutOp) -> Steps:
        known = yield from self._of(op.namespace, op.key)
        if op.value is None:
            for memory in known:
                yield "forget_memory", (memory["id"],), {"reason": "deleted by a LangGraph store"}
            return None
        text = words(op)
        held = {"namespace": list(op.namespace), "key": op.key, "value": op.value, "indexed": op.index is not False}
        written = {"text": text, "metadata": {ROOT: held}}
        if known:
            yield "update_memory", (known[0]["id"],), written
        else:
            scope = {**self._scope, "labels": labels(op.namespace)}
            yield "remember", (), {**written, "scope": scope, "kind": "fact"}
        for extra in known[1:]:
            yield "forget_memory", (extra["id"],), {"reason": "written twice at one moment"}
        return None

    def _search(self, op: SearchOp) -> Steps:
        if not op.query:
            found = yield from self._all(label(op.namespace_prefix))
            return [search_item(one, None) for one in matching(found, op)][op.offset : op.offset + op.limit]
        recalled = yield (
            "recall",
            (),
            {
                "query": op.query,
                "scope": {**self._scope, "labels": [label(op.namespace_prefix)]},
                "filter": {f"metadata.{ROOT}.indexed": True},
                "sections": ["memories"],
                "limit": RECALLED_MAX if op.filter else min(op.offset + op.limit, RECALLED_MAX),
                "token_budget": 100_000,
                "all": True,
                "receipt": False,
            },
        )
        scores = {one["memory"]["id"]: (one.get("score") or {}).get("value") for one in recalled["memories"]}
        found = matching([one["memory"] for one in recalled["memories"]], op)
        return [search_item(one, scores[one["id"]]) for one in found][op.offset : op.offset + op.limit]

    def _namespaces(self, op: ListNamespacesOp) -> Steps:
        found = yield from self._all(label(()))
        spaces = {tuple(held(one)["namespace"]) for one in found}
        spaces = {one for one in spaces if all(matches(one, condition) for condition in op.match_conditions or ())}
        spaces = {one[: op.max_depth] for one in spaces} if op.max_depth is not None else spaces
        return sorted(spaces)[op.offset : op.offset + op.limit]

    def _of(self, namespace: tuple[str, ...], key: str) -> Steps:
        """The memories of one item, the latest first: one, unless two writers put it at the same moment."""
        found = yield from self._all(label(namespace), {f"metadata.{ROOT}.key": key})
        same = [one for one in found if held(one)["namespace"] == list(namespace) and held(one)["key"] == key]
        return sorted(same, key=lambda one: one["updated_at"], reverse=True)

    def _all(self, name: str, test: dict[str, Any] | None = None) -> Steps:
        found: list[Memory] = []
        after: str | None = None
        while True:
            asked: dict[str, Any] = {"scope": {**self._scope, "labels": [name]}, "limit": PAGE, "statuses": ["active"]}
            asked |= {"filter": test} if test else {}
            page = yield "list_memories", (), {**asked, **({"after": after} if after else {})}
            found += page["items"]
            after = page.get("next")
            if not after:
                return found


def nothing() -> Steps:
    """An operation that a later one made needless."""
    yield from ()
    return None


def last_puts(ops: Iterable[Op]) -> list[Op | None]:
    listed: list[Op | None] = list(ops)
    last = {(op.namespace, op.key): place for place, op in enumerate(listed) if isinstance(op, PutOp)}
    return [
        op if not isinstance(op, PutOp) or last[(op.namespace, op.key)] == place else None
        for place, op in enumerate(listed)
    ]


def label(namespace: tuple[str, ...]) -> str:
    """The label of a namespace; a long one is told by its hash."""
    name = json.dumps([ROOT, *namespace], ensure_ascii=False, separators=(",", ":"))
    if len(name.encode()) <= LABEL_BYTES_MAX:
        return name
    return f"{ROOT}:{hashlib.sha256(name.encode()).hexdigest()}"


def labels(namespace: tuple[str, ...]) -> list[str]:
    """One for each prefix, so that a search of a part of the tree finds what is below it."""
    return [label(namespace[:depth]) for depth in range(len(namespace) + 1)]


def words(op: PutOp) -> str:
    """What a search by meaning reads: the fields that `index` names, all of them unless told."""
    if op.index is False or op.value is None:
        return op.key
    paths = ["$"] if op.index is None else op.index
    texts = [text for path in paths for text in get_text_at_path(op.value, "$" if path == "$" else tokenize_path(path))]
    return "\n".join(texts).strip() or op.key


def held(memory: Memory) -> dict[str, Any]:
    return cast("dict[str, Any]", memory["metadata"][ROOT])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def item(memory: Memory) -> Item:
    kept = held(memory)
    return Item(
        value=kept["value"],
        key=kept["key"],
        namespace=tuple(kept["namespace"]),
        created_at=moment(memory["created_at"]),
        updated_at=moment(memory["updated_at"]),
    )


def search_item(memory: Memory, score: float | None) -> SearchItem:
    kept = held(memory)
    created, updated = moment(memory["created_at"]), moment(memory["updated_at"])
    return SearchItem(tuple(kept["namespace"]), kept["key"], kept["value"], created, updated, score)


def matching(found: list[Memory], op: SearchOp) -> list[Memory]:
    prefix = list(op.namespace_prefix)
    tests = (op.filter or {}).items()
    return [
        one
        for one in found
        if held(one)["namespace"][: len(prefix)] == prefix
        and all(holds(held(one)["value"].get(name), wanted) for name, wanted in tests)
    ]


def holds(value: Any, wanted: Any) -> bool:
    """LangGraph's filter: a value, or an object of operators."""
    if isinstance(wanted, dict):
        if any(name.startswith("$") for name in wanted):
            return all(compares(value, name, other) for name, other in wanted.items())
        return isinstance(value, dict) and all(holds(value.get(name), other) for name, other in wanted.items())
    return bool(value == wanted)


def compares(value: Any, operator: str, other: Any) -> bool:
    match operator:
        case "$eq":
            return bool(value == other)
        case "$ne":
            return bool(value != other)
        case "$gt" | "$gte" | "$lt" | "$lte" if value is None:
            return False
        case "$gt":
            return float(value) > float(other)
        case "$gte":
            return float(value) >= float(other)
        case "$lt":
            return float(value) < float(other)
        case "$lte":
            return float(value) <= float(other)
    raise ValueError(f"Unsupported operator: {operator}")


def matches(namespace: tuple[str, ...], condition: MatchCondition) -> bool:
    path = condition.path
    if len(namespace) < len(path):
        return False
    part = namespace[: len(path)] if condition.match_type == "prefix" else namespace[len(namespace) - len(path) :]
    return all(wanted in ("*", one) for one, wanted in zip(part, path, strict=True))
