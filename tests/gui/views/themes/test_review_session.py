"""The course of a review with a clock that the test turns."""

from hypothesis import given
from hypothesis import strategies as st

from themeloom.gui.views.themes.review.session import Act, ReviewSession


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _session(count: int = 5) -> tuple[ReviewSession, _Clock]:
    clock = _Clock()
    return ReviewSession(range(100, 100 + count), clock), clock


def test_a_decision_goes_on_to_the_next() -> None:
    session, _ = _session()
    step = session.decide(Act.ACCEPTED, "drops")
    assert step is not None
    assert step.excerpts == (100,)
    assert session.current == 101
    assert (session.done, session.total, session.waiting) == (1, 5, 4)


def test_skipped_ones_wait_until_the_end_and_can_be_shown_again() -> None:
    session, _ = _session(3)
    session.decide(Act.ACCEPTED)
    session.skip()
    session.decide(Act.UNSORTED)
    assert session.finished
    assert session.waiting == 1
    session.again()
    assert session.current == 101
    session.decide(Act.ACCEPTED)
    assert session.finished
    assert session.waiting == 0


def test_back_shows_what_was_decided_and_a_new_decision_counts_instead() -> None:
    session, _ = _session()
    session.decide(Act.ACCEPTED, "drops")
    session.back()
    decision = session.decision(100)
    assert session.current == 100
    assert decision is not None
    assert decision.act == Act.ACCEPTED
    session.decide(Act.MOVED, "slow")
    assert session.counts()[Act.MOVED] == 1
    assert session.counts()[Act.ACCEPTED] == 0
    assert session.done == 1


def test_undo_goes_back_to_where_it_was_decided() -> None:
    session, _ = _session()
    session.decide(Act.ACCEPTED)
    session.skip()
    session.decide(Act.MOVED, "slow")
    step = session.undo()
    assert step is not None
    assert step.act == Act.MOVED
    assert session.current == 102
    session.undo()
    assert session.current == 100
    assert session.undo() is None
    assert session.done == 0


def test_a_split_of_several_is_one_step() -> None:
    session, _ = _session()
    session.decide(Act.ACCEPTED)
    session.decide(Act.ACCEPTED)
    session.decide(Act.SPLIT, title="New", excerpts=(102, 101))
    assert session.current == 103
    assert session.counts()[Act.SPLIT] == 2
    assert session.done == 3
    session.undo()
    assert session.counts()[Act.ACCEPTED] == 2


def test_a_split_of_others_stays_at_the_current_one() -> None:
    session, _ = _session()
    session.decide(Act.ACCEPTED)
    session.decide(Act.SPLIT, title="New", excerpts=(100,))
    assert session.current == 101


def test_the_time_left_follows_the_persons_own_pace() -> None:
    session, clock = _session(10)
    for spent in (4.0, 2.0, 3.0):
        assert session.seconds_left() is None
        clock.now += spent
        session.decide(Act.ACCEPTED)
    assert session.seconds_left() == 3.0 * 7
    clock.now += 1
    session.back()
    clock.now += 3
    session.decide(Act.UNSORTED)
    assert session.seconds_left() == 3.0 * 7


def test_a_break_is_not_reading() -> None:
    session, clock = _session(10)
    for spent in (4.0, 900.0, 4.0, 4.0):
        clock.now += spent
        session.decide(Act.ACCEPTED)
    assert session.seconds_left() == 4.0 * 6


def test_only_the_newest_decisions_tell_the_pace() -> None:
    session, clock = _session(100)
    for number in range(60):
        clock.now += 30.0 if number < 30 else 3.0
        session.decide(Act.ACCEPTED)
    assert session.seconds_left() == 3.0 * 40


def test_excerpts_that_are_gone_are_forgotten() -> None:
    session, _ = _session(5)
    session.decide(Act.ACCEPTED)
    session.decide(Act.ACCEPTED)
    session.keep(frozenset({101, 103, 104}))
    assert session.current == 103
    assert session.total == 3
    assert session.done == 1


def test_the_last_five_stand_newest_first() -> None:
    session, _ = _session(7)
    for _n in range(7):
        session.decide(Act.ACCEPTED)
    assert [step.excerpts[0] for step in session.last] == [106, 105, 104, 103, 102]
    assert session.decide(Act.ACCEPTED) is None


@given(st.lists(st.sampled_from(["accept", "unsort", "skip", "back", "undo", "again"])))
def test_whatever_is_pressed_the_counts_agree(keys: list[str]) -> None:
    session, clock = _session(6)
    deeds = {
        "accept": lambda: session.decide(Act.ACCEPTED),
        "unsort": lambda: session.decide(Act.UNSORTED),
        "skip": session.skip,
        "back": session.back,
        "undo": session.undo,
        "again": session.again,
    }
    for key in keys:
        clock.now += 1
        deeds[key]()
        assert sum(session.counts().values()) == session.done
        assert session.done + session.waiting == session.total == 6
        assert session.current is None or session.current in range(100, 106)
        decided = sum(session.decision(one) is not None for one in range(100, 106))
        assert decided == session.done
