"""The client against a scripted server over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator

import jwt
import pytest

from app.client import (
    MSGPACK,
    AuthenticationRefused,
    Client,
    CommandRefused,
    Connected,
    ConnectionStopped,
    Cursor,
    Disconnected,
    HistoryLost,
    Notice,
    ServerUnreachable,
)
from app.client.frames import JSON, Format
from app.contract import commands as c
from app.contract import events as e
from app.contract.ids import session_stream
from tests.support.lisbon_turn import ANSWER, AT, Paced, TurnScript, lisbon_turn
from tests.support.ports import free_port
from tests.support.scripted_server import ScriptedServer
from tests.support.turn_rules import check_turn


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer() as server:
        yield server


def client_of(server: ScriptedServer, **options: object) -> Client:
    return Client(server.url, **{"token": server.token(), "fraction": lambda: 0.0, **options})  # pyright: ignore


async def whole_turn(client: Client) -> list[e.ServerEvent]:
    turn = await client.say("5 days in Lisbon")
    return [event async for event in turn.events()]


def check_whole(server: ScriptedServer, client: Client, events: list[e.ServerEvent]) -> None:
    stored = server.logs[session_stream(client.session_id)].events
    assert [event.seq for event in events] == list(range(1, len(stored) + 1))
    assert [event.id for event in events] == [event["id"] for event in stored]
    check_turn(events[1:], events[0].id)


@pytest.mark.parametrize("format", [JSON, MSGPACK])
@pytest.mark.parametrize("token_in_header", [True, False])
async def test_a_turn_from_the_message_to_the_last_status(
    server: ScriptedServer, format: Format, token_in_header: bool
) -> None:
    async with client_of(server, format=format, token_in_header=token_in_header) as client:
        events = await whole_turn(client)
        check_whole(server, client, events)
        assert client.user_id == "alice"


async def test_a_finished_turn_has_its_text_and_result(server: ScriptedServer) -> None:
    async with client_of(server) as client:
        transcript = await (await client.say("5 days in Lisbon")).finished()
    assert transcript.text == ANSWER
    assert transcript.finish_reason == "stop"
    assert transcript.result is not None
    assert transcript.result["outcome"] == "plan"


async def test_cut_connections_leave_no_gap_and_no_repeat(server: ScriptedServer) -> None:
    server.drop_after = {3, 4, 11, 30, 41}
    notices: list[Notice] = []
    async with client_of(server, on_notice=notices.append) as client:
        check_whole(server, client, await whole_turn(client))
    assert server.connections == 6
    assert [type(notice) for notice in notices] == [Connected, *[Disconnected, Connected] * 5]
    assert [notice.again for notice in notices if isinstance(notice, Connected)] == [False, *[True] * 5]


async def test_a_command_whose_answer_got_lost_is_sent_again_and_done_once(server: ScriptedServer) -> None:
    server.drop_before_ack = 2
    async with client_of(server) as client:
        answer = await client.send(c.JoinTrip(id="join-1", trip_id="t1"))
        assert isinstance(answer, e.Ack)
        assert answer.status == "duplicate"
        check_whole(server, client, await whole_turn(client))
    assert [command.id for command in server.commands][:1] == ["join-1"]
    assert len(server.commands) == 2


@pytest.mark.parametrize("code", [1001, 4008, 4011, 4012])
async def test_it_comes_back_after_a_close_that_asks_for_it(server: ScriptedServer, code: int) -> None:
    async with client_of(server) as client:
        await server.close_all(code, reconnect_after=0.01)
        check_whole(server, client, await whole_turn(client))
    assert server.connections == 2


@pytest.mark.parametrize("code", [1000, 4002, 4003, 4009])
async def test_it_stays_away_after_a_close_that_asks_for_it(server: ScriptedServer, code: int) -> None:
    async with client_of(server) as client:
        feed = client.listen()
        await server.close_all(code)
        with pytest.raises(ConnectionStopped) as stopped:
            await anext(feed)
        assert stopped.value.code == code
        with pytest.raises(ConnectionStopped):
            await client.say("anybody there?")
    assert server.connections == 1


async def test_who_waits_for_an_answer_hears_that_the_connection_is_over(server: ScriptedServer) -> None:
    async with client_of(server) as client:
        server.drop_before_ack = 1_000_000
        saying = asyncio.create_task(client.say("hello"))
        feed = client.listen(lambda received: received.type == "chat_message")
        await anext(feed)
        await server.stop()
        saying_after_close = asyncio.create_task(client.send(c.LeaveTrip(id="leave-1", trip_id="t1")))
        await asyncio.sleep(0)
    for waiting in (saying, saying_after_close):
        with pytest.raises(ConnectionStopped, match="this client was closed"):
            await waiting


async def test_a_token_that_ran_out_is_replaced(server: ScriptedServer) -> None:
    given: list[str] = []

    async def next_token() -> str:
        given.append(server.token())
        return given[-1]

    async with client_of(server, token=next_token) as client:
        await server.close_all(4001)
        check_whole(server, client, await whole_turn(client))
    assert len(given) == 2


async def test_a_token_that_never_was_good_is_not_tried_twice(server: ScriptedServer) -> None:
    forged = jwt.encode({"sub": "alice"}, "another secret of thirty-two bytes", algorithm="HS256")
    with pytest.raises(AuthenticationRefused, match="signature"):
        await client_of(server, token=forged).__aenter__()
    assert server.connections == 1


async def test_somebody_elses_session_is_refused(server: ScriptedServer) -> None:
    with pytest.raises(CommandRefused) as refused:
        await client_of(server, session_id="somebody-elses").__aenter__()
    assert refused.value.error.code == "NOT_FOUND"


async def test_a_server_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(ServerUnreachable, match="The server does not answer"):
        await Client(f"http://127.0.0.1:{free_port()}", token="t").__aenter__()


async def test_a_patient_client_waits_for_the_server() -> None:
    server = ScriptedServer()
    port = free_port()
    client = Client(f"ws://127.0.0.1:{port}/ws", token=server.token(), patience=60)
    entering = asyncio.create_task(client.__aenter__())
    await asyncio.sleep(0)
    await server.start(port)
    await entering
    try:
        check_whole(server, client, await whole_turn(client))
    finally:
        await client.__aexit__(None, None, None)
        await server.stop()


async def test_another_client_goes_on_where_one_ended(server: ScriptedServer) -> None:
    async with client_of(server) as first:
        await whole_turn(first)
        session_id, cursors = first.session_id, first.cursors
    stream = session_stream(session_id)
    await server.append(stream, TurnScript(session_id, "later").status("idle"))  # pyright: ignore
    second = client_of(server, session_id=session_id, cursors=cursors)
    feed = second.listen(stream=stream)
    async with second:
        received = await anext(each async for each in feed if each.stream == stream)
        assert received.seq == cursors[stream].seq + 1
        assert received.turn_id == "later"


async def test_history_that_is_gone_is_said_and_what_follows_still_comes() -> None:
    def script(session_id: str, turn_id: str) -> Paced:
        return lisbon_turn(session_id, turn_id)[:5]

    async with ScriptedServer(script) as server, client_of(server) as client:
        turn = await client.say("hello")
        events = turn.events()
        assert [(await anext(events)).seq for _ in range(6)] == [1, 2, 3, 4, 5, 6]
        stream = session_stream(client.session_id)
        server.logs[stream].epoch = "e2"
        server.cut_all()
        with pytest.raises(HistoryLost) as lost:
            await anext(events)
        assert (lost.value.stream, lost.value.epoch, lost.value.seq) == (stream, "e2", 6)
        await server.append(stream, TurnScript(client.session_id, turn.id).status("idle"))  # pyright: ignore
        rest = [event async for event in turn.events()]
        assert [event.seq for event in rest] == [7]


async def test_a_hole_in_a_stream_is_fetched_and_never_shown(server: ScriptedServer) -> None:
    async with client_of(server) as client:
        stream = session_stream(client.session_id)
        feed = client.listen(lambda received: received.stream == stream)
        script = TurnScript(client.session_id, "t")
        await server.append(stream, script.status("thinking"))  # pyright: ignore
        peers, server._peers = server._peers, set()
        await server.append(stream, script.status("active"))  # pyright: ignore
        server._peers = peers
        await server.append(stream, script.status("idle"))  # pyright: ignore
        assert [(await anext(feed)).seq for _ in range(3)] == [1, 2, 3]
    assert server.connections == 2


async def test_what_a_newer_server_sends_is_passed_on_as_it_came(server: ScriptedServer) -> None:
    async with client_of(server) as client:
        feed = client.listen()
        new = {"id": "n1", "type": "trip_teleported", "turn_id": "t", "speed": 3}
        await server.append(session_stream(client.session_id), new)
        received = await anext(feed)
        assert received.event is None
        assert received.type == "trip_teleported"
        assert json.loads(received.json())["speed"] == 3


async def test_frames_of_messagepack_read_as_json_too(server: ScriptedServer) -> None:
    async with client_of(server, format=MSGPACK) as client:
        feed = client.listen()
        await server.append("system", e.SystemMessage(id="s1", timestamp=AT, priority="low", message="hi"))
        assert json.loads((await anext(feed)).json())["message"] == "hi"


async def test_another_stream_can_be_followed_from_a_cursor_and_is_kept(server: ScriptedServer) -> None:
    for number in range(3):
        await server.append("trip:t1", _note(number))
    async with client_of(server) as client:
        feed = client.listen(lambda received: received.stream == "trip:t1")
        answer = await client.subscribe("trip:t1", Cursor(1))
        assert isinstance(answer, e.StreamSubscribed)
        assert [(await anext(feed)).seq for _ in range(2)] == [2, 3]
        server.cut_all()
        await server.append("trip:t1", _note(3))
        assert (await anext(feed)).seq == 4


def _note(number: int) -> e.ServerEvent:
    return e.SystemMessage(id=f"note-{number}", timestamp=AT, priority="low", message="note")
