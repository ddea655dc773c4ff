"""A session of the OpenAI Agents SDK: the exact items as state, the words as messages that are learned from.

The items of a run come back as they were put, so they are kept as state, one entry each. What people and the
assistant said goes to a session of the same name as messages too, so that it can be recalled in later runs.
"""

from __future__ import annotations

from typing import Any, cast

from agents import SessionABC, TResponseInputItem

from .async_client import AsyncDreamkeeper
from .errors import NotFoundError
from .types import NewMessage, Scope

PREFIX = "openai-agents/"
ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}


class DreamkeeperSession(SessionABC):
    """`Runner.run(agent, text, session=DreamkeeperSession("thread-1", user="ana"))`."""

    def __init__(
        self,
        session_id: str,
        client: AsyncDreamkeeper | None = None,
        *,
        user: str | None = None,
        agent: str | None = None,
        learn: bool = True,
    ) -> None:
        self.session_id = session_id
        self._client = client or AsyncDreamkeeper()
        self._learn = learn
        self._scope: Scope = {"user": user} if user else {}
        if agent:
            self._scope["agent"] = agent

    @property
    def _where(self) -> dict[str, Any]:
        """The session's items are those of its run."""
        return {**{name: value for name, value in self._scope.items() if name != "labels"}, "run": self.session_id}

    async def _entries(self) -> list[dict[str, Any]]:
        listed = await self._client.list_state(**self._where)
        own = [one for one in listed["items"] if one["key"].startswith(PREFIX)]
        return sorted(own, key=lambda one: one["key"])

    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """The items in order; with a limit, the latest ones."""
        items = [cast(TResponseInputItem, one["value"]) for one in await self._entries()]
        return items if limit is None else items[max(len(items) - limit, 0) :]

    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Adds items at the end."""
        entries = await self._entries()
        first = int(entries[-1]["key"].removeprefix(PREFIX)) + 1 if entries else 0
        for place, item in enumerate(items, first):
            await self._client.set_state(f"{PREFIX}{place:08}", value=item, expected_version=0, **self._where)
        said = [one for one in map(message, items) if one is not None]
        if said and self._learn:
            await self._client.append_messages(session={"key": self.session_id}, scope=self._scope, messages=said)

    async def pop_item(self) -> TResponseInputItem | None:
        """Takes the latest item away; what was said stays in the messages."""
        entries = await self._entries()
        if not entries:
            return None
        try:
            await self._client.remove_state(entries[-1]["key"], **self._where)
        except NotFoundError:
            return await self.pop_item()
        return cast(TResponseInputItem, entries[-1]["value"])

    async def clear_session(self) -> None:
        """Takes every item away."""
        for entry in await self._entries():
            await self._client.remove_state(entry["key"], **self._where)


def message(item: TResponseInputItem) -> NewMessage | None:
    """An item as a message, where somebody said something; calls of tools and reasoning are nobody's words."""
    role = ROLES.get(str(item.get("role")))
    content = item.get("content")
    if role is None or not content:
        return None
    parts = (
        [content] if isinstance(content, str) else [str(part.get("text", "")) for part in cast("list[Any]", content)]
    )
    text = "\n".join(part for part in parts if part)
    return cast(NewMessage, {"role": role, "text": text}) if text else None
