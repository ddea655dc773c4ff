"""A session of the OpenAI Agents SDK, run with a model that a test scripts."""

import uuid

import pytest
from agents import Agent, ModelResponse, Runner, Usage, set_tracing_disabled
from agents.models.interface import Model
from openai.types.responses import ResponseOutputMessage, ResponseOutputText

from dreamkeeper import AsyncDreamkeeper
from dreamkeeper.openai_agents import DreamkeeperSession

set_tracing_disabled(True)


class Echo(Model):
    """Answers with how many items it was given."""

    async def get_response(self, system_instructions, input, *args, **kwargs):
        text = f"{len(input) if isinstance(input, list) else 1} items"
        part = ResponseOutputText(text=text, type="output_text", annotations=[])
        message = ResponseOutputMessage(
            id=str(uuid.uuid4()), content=[part], role="assistant", status="completed", type="message"
        )
        return ModelResponse(output=[message], usage=Usage(), response_id=None)

    def stream_response(self, *args, **kwargs):
        raise NotImplementedError


@pytest.fixture
def session(user: str) -> DreamkeeperSession:
    return DreamkeeperSession(f"thread-{user}", AsyncDreamkeeper(), user=user)


async def test_items_come_back_as_they_were_put(session: DreamkeeperSession) -> None:
    items = [
        {"role": "user", "content": "I moved to Porto."},
        {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "1", "output": "x"},
    ]
    await session.add_items(items)
    await session.add_items([{"role": "assistant", "content": "Noted."}])
    assert await session.get_items() == [*items, {"role": "assistant", "content": "Noted."}]
    assert await session.get_items(2) == [items[2], {"role": "assistant", "content": "Noted."}]
    assert await session.get_items(0) == []
    assert await session.pop_item() == {"role": "assistant", "content": "Noted."}
    assert await session.get_items() == items
    await session.clear_session()
    assert await session.get_items() == [] and await session.pop_item() is None


async def test_a_run_goes_on_where_the_last_one_ended(session: DreamkeeperSession, user: str) -> None:
    agent = Agent(name="assistant", model=Echo())
    await Runner.run(agent, "My sister Odile lives in Porto.", session=session)
    second = await Runner.run(agent, "And I in Bilbao.", session=session)
    assert second.final_output == "3 items"
    recall = await AsyncDreamkeeper().recall(query="Where does Odile live?", scope={"user": user})
    assert any("Porto" in found["quote"] for found in recall["conversation"]) or recall["memories"]


async def test_sessions_do_not_meet(session: DreamkeeperSession, user: str) -> None:
    await session.add_items([{"role": "user", "content": "one"}])
    other = DreamkeeperSession("other", AsyncDreamkeeper(), user=user)
    assert await other.get_items() == []
