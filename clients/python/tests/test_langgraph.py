"""LangGraph keeps its items here, and a graph remembers across threads."""

import operator
import uuid
from typing import Annotated, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.store.base import BaseStore, GetOp, PutOp, SearchOp

from dreamkeeper.langgraph import DreamkeeperStore


@pytest.fixture
def store() -> DreamkeeperStore:
    return DreamkeeperStore(scope={"app": f"langgraph-{uuid.uuid4()}"})


def test_items_are_put_read_changed_and_deleted(store: DreamkeeperStore) -> None:
    store.put(("users", "ana"), "food", {"likes": "ramen", "rank": 2})
    first = store.get(("users", "ana"), "food")
    assert first is not None and first.value == {"likes": "ramen", "rank": 2}
    store.put(("users", "ana"), "food", {"likes": "soba"})
    second = store.get(("users", "ana"), "food")
    assert second is not None and second.value == {"likes": "soba"}
    assert second.created_at == first.created_at and second.updated_at >= first.updated_at
    assert store.get(("users", "bo"), "food") is None and store.get(("users",), "food") is None
    store.delete(("users", "ana"), "food")
    assert store.get(("users", "ana"), "food") is None
    store.delete(("users", "ana"), "food")


def test_a_search_is_by_place_by_values_and_by_meaning(store: DreamkeeperStore) -> None:
    store.put(("users", "ana", "memories"), "1", {"text": "She plays the cello in an orchestra", "rank": 1})
    store.put(("users", "ana", "memories"), "2", {"text": "Her cat is called Miso", "rank": 2})
    store.put(("users", "bo", "memories"), "3", {"text": "He plays the violin", "rank": 3})
    store.put(("users", "ana", "memories"), "4", {"text": "A cello of plywood", "rank": 4}, index=False)
    assert {item.key for item in store.search(("users", "ana"))} == {"1", "2", "4"}
    assert {item.key for item in store.search(("users",), filter={"rank": {"$gte": 2, "$lt": 4}})} == {"2", "3"}
    assert [item.key for item in store.search((), filter={"rank": 3})] == ["3"]
    found = store.search(("users", "ana"), query="music instrument cello", limit=1)
    assert [item.key for item in found] == ["1"] and found[0].score is not None
    assert "4" not in [item.key for item in store.search(("users",), query="cello")]
    assert len(store.search(("users",), limit=1, offset=3)) == 1


def test_namespaces_are_listed(store: DreamkeeperStore) -> None:
    for namespace in [("a", "b", "c"), ("a", "d"), ("e", "b")]:
        store.put(namespace, "k", {"v": 1})
    assert store.list_namespaces() == [("a", "b", "c"), ("a", "d"), ("e", "b")]
    assert store.list_namespaces(prefix=("a",)) == [("a", "b", "c"), ("a", "d")]
    assert store.list_namespaces(suffix=("b",)) == [("e", "b")]
    assert store.list_namespaces(prefix=("*", "b")) == [("a", "b", "c"), ("e", "b")]
    assert store.list_namespaces(max_depth=1) == [("a",), ("e",)]


def test_operations_of_a_batch_are_answered_in_order(store: DreamkeeperStore) -> None:
    answers = store.batch(
        [PutOp(("n",), "k", {"v": 1}), PutOp(("n",), "k", {"v": 2}), GetOp(("n",), "k"), SearchOp(("n",))]
    )
    assert answers[0] is None and answers[2].value == {"v": 2} and len(answers[3]) == 1


def test_a_long_namespace_and_an_odd_key_are_kept(store: DreamkeeperStore) -> None:
    namespace = ('naïve "quoted"', "x" * 300)
    store.put(namespace, "a/b c", {"v": "é"})
    item = store.get(namespace, "a/b c")
    assert item is not None and item.namespace == namespace and item.value == {"v": "é"}


async def test_the_same_without_waiting(store: DreamkeeperStore) -> None:
    await store.aput(("n",), "k", {"text": "green tea"})
    item = await store.aget(("n",), "k")
    assert item is not None and item.value == {"text": "green tea"}
    assert [one.key for one in await store.asearch(("n",), query="tea")] == ["k"]
    await store.adelete(("n",), "k")
    assert await store.aget(("n",), "k") is None


class State(TypedDict):
    said: Annotated[list[str], operator.add]


def chat(state: State, *, store: BaseStore) -> State:
    """Remembers what it is told, and answers from what it was told in any thread."""
    said = state["said"][-1]
    if said.startswith("remember "):
        store.put(("ana", "facts"), str(uuid.uuid4()), {"text": said.removeprefix("remember ")})
        return {"said": ["noted"]}
    found = store.search(("ana", "facts"), query=said, limit=1)
    return {"said": [found[0].value["text"] if found else "I do not know"]}


def test_a_graph_remembers_across_threads(store: DreamkeeperStore) -> None:
    graph = StateGraph(State)
    graph.add_node("chat", chat)
    graph.add_edge(START, "chat")
    graph.add_edge("chat", END)
    app = graph.compile(checkpointer=InMemorySaver(), store=store)
    one, two = ({"configurable": {"thread_id": name}} for name in ("one", "two"))
    app.invoke({"said": ["remember the door code is in the blue drawer"]}, one)
    app.invoke({"said": ["remember the plumber comes on Friday"]}, one)
    answer = app.invoke({"said": ["where is the code of the door?"]}, two)
    assert answer["said"][-1] == "the door code is in the blue drawer"
