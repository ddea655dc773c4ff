"""mem0's Python client, unmodified, against a server of this build."""

import json
import os
import subprocess
import time
import uuid

os.environ["MEM0_TELEMETRY"] = "false"

import pytest
from mem0 import MemoryClient


@pytest.fixture(scope="session")
def client() -> MemoryClient:
    made = subprocess.run(
        [os.environ["DREAMKEEPER_BIN"], "key", "create", "mem0", "--scopes", "read,propose,write", "--json"],
        check=True,
        capture_output=True,
    )
    return MemoryClient(api_key=json.loads(made.stdout)["secret"], host=os.environ["DREAMKEEPER_URL"])


@pytest.fixture
def user() -> str:
    return f"user-{uuid.uuid4()}"


def kept(client: MemoryClient, user: str, text: str) -> str:
    added = client.add([{"role": "user", "content": text}], user_id=user, infer=False)
    return added["results"][0]["id"]


def test_what_is_said_is_learned_and_found(client: MemoryClient, user: str) -> None:
    added = client.add([{"role": "user", "content": "I live in Porto"}], user_id=user)
    assert added["status"] == "PENDING" and added["event_id"]
    for _ in range(100):
        found = client.search("where does she live?", filters={"user_id": user})["results"]
        if found:
            break
        time.sleep(0.1)
    assert "Porto" in found[0]["memory"] and found[0]["user_id"] == user


def test_a_memory_is_kept_as_said_changed_and_deleted(client: MemoryClient, user: str) -> None:
    memory = kept(client, user, "Drinks tea")
    assert client.get(memory)["memory"] == "Drinks tea"
    client.update(memory, text="Drinks green tea")
    assert client.get(memory)["memory"] == "Drinks green tea"
    assert [entry["event"] for entry in client.history(memory)] == ["ADD", "UPDATE"]
    client.feedback(memory, feedback="POSITIVE")
    client.batch_update([{"memory_id": memory, "text": "Drinks coffee"}])
    assert [one["memory"] for one in client.get_all(filters={"user_id": user})["results"]] == ["Drinks coffee"]
    client.delete(memory)
    assert client.get_all(filters={"user_id": user})["results"] == []


def test_all_of_one_user_go_and_nobody_elses(client: MemoryClient, user: str) -> None:
    kept(client, user, "Plays the cello")
    other = f"{user}-other"
    kept(client, other, "Plays the violin")
    assert user in [one["name"] for one in client.users()["results"]]
    client.delete_all(user_id=user)
    assert client.get_all(filters={"user_id": user})["count"] == 0
    assert client.get_all(filters={"user_id": other})["count"] == 1


def test_a_wipe_of_everybody_is_refused(client: MemoryClient, user: str) -> None:
    kept(client, user, "Stays")
    with pytest.raises(Exception, match="user_id"):
        client.delete_all()
    assert client.get_all(filters={"user_id": user})["count"] == 1
