"""Each law of the machine finds the bug that it is there for; the guide's own manager is one of them.

`BUGS` is the table: a law, a bug planted against it, and a history in which that law alone finds it. Generated
histories find the commonest as well. The law that a killed gateway leaves no
ghosts is looked at in `tests/journeys/test_9_a_gateway_with_people_is_killed.py`.
"""

from collections.abc import Callable

import pytest
from hypothesis.stateful import run_state_machine_as_test

from app.client.trips.manager import OptimisticUpdateManager
from tests.support import trip_bugs as bugs
from tests.support.trip_machine import NEW, Law, TripMachine
from tests.support.trip_reference import INVALID, ReferenceTrip

# Chance meets these soon; of the others it meets some so seldom that a run now and then would not.
MANAGERS = [
    bugs.TheGuidesManager,
    bugs.TakesTheAnswerForTheStream,
    bugs.KeepsWhatConflicted,
    bugs.KeepsWhatWasRefused,
]
TRIPS = [bugs.LastWriterWins, bugs.LogsNoOldValue]


@pytest.mark.parametrize("broken", MANAGERS)
def test_a_broken_manager_is_found(broken: type[OptimisticUpdateManager]):
    class Broken(TripMachine):
        new_manager = broken

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=bugs.UNTIL_FOUND)


@pytest.mark.parametrize("broken", TRIPS)
def test_a_broken_server_is_found(broken: type[ReferenceTrip]):
    class Broken(TripMachine):
        new_trip = broken

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=bugs.UNTIL_FOUND)


ALICE, HER_OTHER_TAB, BOB = 0, 1, 2


def arrive(machine: TripMachine, client: int, *, again: bool = False) -> None:
    """The client's request arrives, and stays on its way to arrive `again`; the reply comes back."""
    machine.client_asks(client, 0)
    machine.request_arrives(len(machine.requests) - 1, again=again)
    machine.reply_arrives(len(machine.replies) - 1)


def arrives_again(machine: TripMachine) -> None:
    machine.request_arrives(0, again=False)
    machine.what_is_acknowledged_is_logged_once()


def an_edit_is_made(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))


def an_edit_lands_before_the_stream_has_it(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)


def an_edit_lands_while_the_stream_is_slow(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    machine.the_base_is_what_the_log_says()


def bob_writes_what_her_edits_hide(machine: TripMachine) -> None:
    """The first of them is refused; what the second one rests on is what she saw before both."""
    machine.edit(ALICE, ("name", INVALID))
    machine.client_asks(ALICE, 0)
    machine.edit(ALICE, ("name", NEW))
    machine.edit(BOB, ("name", NEW))
    arrive(machine, BOB)
    machine.event_arrives(ALICE)
    machine.request_arrives(0, again=False)
    machine.reply_arrives(0)
    arrive(machine, ALICE)
    machine.nobody_overwrites_what_they_have_not_seen()


def bob_writes_before_her_edit_is_refused(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", INVALID))
    machine.edit(BOB, ("name", NEW))
    arrive(machine, BOB)
    machine.event_arrives(ALICE)
    arrive(machine, ALICE)
    machine.teardown()


def an_invalid_edit_is_refused(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", INVALID))
    arrive(machine, ALICE)
    machine.nothing_refused_is_shown()


def an_answer_overtakes_the_stream(machine: TripMachine) -> None:
    machine.edit(BOB, ("notes", NEW))
    arrive(machine, BOB)
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    machine.teardown()


def history_is_lost(machine: TripMachine) -> None:
    machine.edit(BOB, ("notes", NEW))
    arrive(machine, BOB)
    machine.tabs[ALICE].arriving.clear()  # on their way when the connection was cut
    machine.tabs[ALICE].manager.lost(machine.trip.epoch)
    machine.edit(BOB, ("name", NEW))
    arrive(machine, BOB)
    machine.event_arrives(ALICE)
    machine.the_base_is_what_the_log_says()


def a_write_is_made(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    machine.the_log_replayed_is_the_trip()
    machine.a_write_taken_back_leaves_what_was()


def a_write_comes_again_when_its_base_is_back(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE, again=True)
    machine.event_arrives(HER_OTHER_TAB)
    machine.edit(HER_OTHER_TAB, ("name", "n0"))
    machine.client_asks(HER_OTHER_TAB, 0)
    machine.request_arrives(1, again=False)
    arrives_again(machine)


def a_refused_write_comes_again_when_it_would_do(machine: TripMachine) -> None:
    machine.edit(BOB, ("name", NEW))
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    arrive(machine, BOB, again=True)
    machine.event_arrives(ALICE)
    machine.edit(ALICE, ("name", "n0"))
    machine.client_asks(ALICE, 0)
    machine.request_arrives(1, again=False)
    arrives_again(machine)


def a_settlement_comes_again_when_the_field_has_moved_on(machine: TripMachine) -> None:
    machine.edit(BOB, ("name", NEW))
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    arrive(machine, BOB)
    machine.settle(BOB, "server-wins")
    arrive(machine, BOB, again=True)
    machine.edit(ALICE, ("name", NEW))
    machine.client_asks(ALICE, 0)
    machine.request_arrives(1, again=False)
    arrives_again(machine)


def bob_has_not_seen_what_alice_wrote(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    machine.edit(BOB, ("name", NEW))
    arrive(machine, BOB)
    machine.nobody_overwrites_what_they_have_not_seen()


def alice_is_overtaken_while_she_waits(machine: TripMachine) -> None:
    """Her second edit waits for the first; meanwhile Bob writes the name, of which she is shown her own."""
    machine.edit(ALICE, ("notes", NEW))
    machine.edit_two_fields(ALICE, ("notes", NEW), ("name", NEW))
    machine.edit(BOB, ("name", NEW))
    arrive(machine, BOB)
    machine.client_asks(ALICE, 0)
    machine.request_arrives(0, again=False)
    machine.event_arrives(ALICE)
    machine.event_arrives(ALICE)
    machine.reply_arrives(0)
    machine.client_asks(ALICE, 0)
    machine.request_arrives(0, again=False)
    machine.nobody_overwrites_what_they_have_not_seen()


def bob_writes_after_his_revocation(machine: TripMachine) -> None:
    machine.edit(BOB, ("name", NEW))
    machine.revoke("bob")
    arrive(machine, BOB)
    machine.nothing_is_written_after_a_revocation()


def alice_undoes_what_bob_has_written_over(machine: TripMachine) -> None:
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    for client in (ALICE, BOB):
        machine.event_arrives(client)
    machine.edit(BOB, ("name", NEW))
    arrive(machine, BOB)
    machine.event_arrives(ALICE)
    machine.undo(ALICE)
    arrive(machine, ALICE)
    machine.an_undo_takes_back_only_what_it_is_for()


def alice_undoes_what_was_lost(machine: TripMachine) -> None:
    """Her other tab's write has the version that hers had."""
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    machine.event_arrives(ALICE)
    her_other_tab_writes_after_a_loss(machine)
    machine.undo(ALICE)
    asks_until_answered(machine, ALICE)


def bob_settles_what_was_lost(machine: TripMachine) -> None:
    machine.edit(BOB, ("name", NEW))
    machine.edit(ALICE, ("name", NEW))
    arrive(machine, ALICE)
    arrive(machine, BOB)
    her_other_tab_writes_after_a_loss(machine)
    machine.settle(BOB, "client-wins")
    asks_until_answered(machine, BOB)


def her_other_tab_writes_after_a_loss(machine: TripMachine) -> None:
    machine.history_is_lost()
    machine.connection_is_cut(HER_OTHER_TAB, gone=True)
    machine.event_arrives(HER_OTHER_TAB)
    machine.edit(HER_OTHER_TAB, ("name", NEW))
    arrive(machine, HER_OTHER_TAB)


def asks_until_answered(machine: TripMachine, client: int) -> None:
    while machine.tabs[client].asking:
        arrive(machine, client)
        machine.nobody_overwrites_what_they_have_not_seen()


Planted = type[OptimisticUpdateManager] | type[ReferenceTrip]
BUGS: list[tuple[Law, Planted, Callable[[TripMachine], None]]] = [
    (Law.SHOWN_AT_ONCE, bugs.ShowsWhatIsConfirmed, an_edit_is_made),
    (Law.NO_FLICKER, bugs.DropsWhatLanded, an_edit_lands_before_the_stream_has_it),
    (Law.AT_REST, bugs.TheGuidesManager, bob_writes_before_her_edit_is_refused),
    (Law.REFUSED_IS_GONE, bugs.KeepsWhatWasRefused, an_invalid_edit_is_refused),
    (Law.AT_REST, bugs.TakesTheAnswerForTheStream, an_answer_overtakes_the_stream),
    (Law.BASE, bugs.TrustsTheBaseAfterALoss, history_is_lost),
    (Law.BASE, bugs.DropsWhatLandedAtOnce, an_edit_lands_while_the_stream_is_slow),
    (Law.REPLAY, bugs.WritesWithoutLogging, a_write_is_made),
    (Law.PAST, bugs.LogsNoOldValue, a_write_is_made),
    (Law.LOGGED_ONCE, bugs.AnswersTwice, a_write_comes_again_when_its_base_is_back),
    (Law.ONE_ANSWER, bugs.AnswersTwice, a_write_comes_again_when_its_base_is_back),
    (Law.ONE_ANSWER, bugs.DecidesRefusedAgain, a_refused_write_comes_again_when_it_would_do),
    (
        Law.ONE_ANSWER,
        bugs.KnowsRequestsByWhatTheyComeTo,
        a_settlement_comes_again_when_the_field_has_moved_on,
    ),
    (Law.SEEN, bugs.LastWriterWins, bob_has_not_seen_what_alice_wrote),
    (Law.SEEN, bugs.OverwritesBlindly, alice_is_overtaken_while_she_waits),
    (Law.SEEN, bugs.ForgetsWhatRefusedEditsLayOn, bob_writes_what_her_edits_hide),
    (Law.SEEN, bugs.NamesNoEpoch, alice_undoes_what_was_lost),
    (Law.SEEN, bugs.NamesNoEpoch, bob_settles_what_was_lost),
    (Law.REVOKED, bugs.ForgetsRoles, bob_writes_after_his_revocation),
    (Law.UNDO, bugs.UndoesOverOthers, alice_undoes_what_bob_has_written_over),
    (Law.UNDO, bugs.UndoesWhatStandsThere, alice_undoes_what_bob_has_written_over),
]


@pytest.mark.parametrize(("law", "broken", "history"), BUGS)
def test_a_law_finds_its_bug_in_one_history(
    law: Law, broken: Planted, history: Callable[[TripMachine], None]
):
    class Broken(TripMachine):
        laws = frozenset({law})

    history(TripMachine())
    if issubclass(broken, ReferenceTrip):
        Broken.new_trip = broken
    else:
        Broken.new_manager = broken
    with pytest.raises(AssertionError, match=law):
        history(Broken())


def test_every_law_has_its_bug():
    assert {law for law, _, _ in BUGS} == set(Law)
