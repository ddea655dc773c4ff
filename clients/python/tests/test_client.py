"""The API through the client, waiting and not."""

import asyncio

import pytest

from dreamkeeper import (
    AsyncDreamkeeper,
    ConflictError,
    Dreamkeeper,
    DreamkeeperConnectionError,
    DreamkeeperError,
    NotFoundError,
    PermissionDeniedError,
)


def test_what_was_said_is_recalled_with_its_quote(client: Dreamkeeper, user: str) -> None:
    appended = client.append_messages(
        session={"key": f"talk-{user}"},
        scope={"user": user},
        messages=[{"role": "user", "text": "I moved to Porto last May."}],
        learn="now",
    )
    assert appended["learned"][0]["report"]["decisions"][0]["verdict"] == "add"
    recall = client.recall(query="Where does she live?", scope={"user": user}, all=True)
    memory = recall["memories"][0]["memory"]
    assert "Porto" in memory["text"] and memory["evidence"][0]["message"] == appended["messages"][0]["id"]
    served = client.why(recall["receipt"])["receipt"]
    assert served["query"] == "Where does she live?"


def test_a_memory_is_written_changed_forgotten_and_restored(client: Dreamkeeper, user: str) -> None:
    memory = client.remember(text="Drinks tea", kind="preference", scope={"user": user}, metadata={"cup": "blue"})
    changed = client.update_memory(memory["id"], text="Drinks green tea", expected_version=memory["version"])
    assert changed["version"] == 2
    with pytest.raises(ConflictError) as conflict:
        client.update_memory(memory["id"], text="Drinks coffee", expected_version=1)
    assert conflict.value.code == "version_conflict" and conflict.value.advice
    client.forget_memory(memory["id"], reason="asked")
    assert client.list_memories(scope={"user": user})["items"] == []
    assert client.restore_memory(memory["id"])["status"] == "active"
    assert len(client.memory_history(memory["id"])["versions"]) == 4


def test_state_is_compared_and_set(client: Dreamkeeper, user: str) -> None:
    first = client.set_state("a key/with a slash", value={"n": 1}, expected_version=0, user=user)
    with pytest.raises(ConflictError):
        client.set_state("a key/with a slash", value={"n": 2}, expected_version=0, user=user)
    client.set_state("a key/with a slash", value={"n": 2}, expected_version=first["version"], user=user)
    assert client.get_state("a key/with a slash", user=user)["value"] == {"n": 2}


def test_an_append_sent_twice_under_one_key_is_recorded_once(client: Dreamkeeper, user: str) -> None:
    def send():
        return client.append_messages(
            session={"key": f"twice-{user}"},
            scope={"user": user},
            messages=[{"role": "user", "text": "Hello."}],
            learn="off",
            idempotency_key=f"once-{user}",
        )

    first, second = send(), send()
    assert second["replayed"] and first["messages"][0]["id"] == second["messages"][0]["id"]


def test_errors_tell_what_to_do(client: Dreamkeeper) -> None:
    with pytest.raises(NotFoundError) as missing:
        client.get_memory("019b8d7d-0000-7000-8000-000000000000")
    assert missing.value.status == 404
    with pytest.raises(DreamkeeperError) as bad:
        client.remember(text="")
    assert bad.value.status == 400 and "text" in str(bad.value)
    with pytest.raises(DreamkeeperConnectionError, match="dreamkeeper serve"):
        Dreamkeeper("http://127.0.0.1:9").remember(text="x")


async def test_decisions_are_streamed_as_they_fall(async_client: AsyncDreamkeeper, user: str) -> None:
    async def tell() -> None:
        await asyncio.sleep(0.3)
        messages = [{"role": "user", "text": "I am allergic to nuts."}]
        await async_client.append_messages(scope={"user": user}, messages=messages, learn="now")

    telling = asyncio.create_task(tell())
    async for event in async_client.stream_events():
        if event["event"] == "event" and event["data"]["scope"]["user"] == user:
            break
    await telling
    assert event["data"]["report"]["decisions"][0]["text"] == "User is allergic to nuts"


def test_a_stream_without_the_permission_says_so(client: Dreamkeeper) -> None:
    with pytest.raises(PermissionDeniedError, match="admin"):
        list(client.doctor())


async def test_the_same_without_waiting(async_client: AsyncDreamkeeper, user: str) -> None:
    memory = await async_client.remember(text="Plays the cello", scope={"user": user})
    recall = await async_client.recall(query="Which instrument?", scope={"user": user}, all=True)
    assert recall["memories"][0]["memory"]["id"] == memory["id"]
    with pytest.raises(NotFoundError):
        await async_client.get_event("019b8d7d-0000-7000-8000-000000000000")
