"""Groups keep their colours whatever happens to other groups."""

from themeloom.services.view_counts import COLORS, colors_of


def test_a_group_keeps_its_colour_when_others_go_or_move() -> None:
    groups = [f"G-{number:03d}" for number in range(1, 8)]
    before = colors_of(groups)
    assert before == {group: place for place, group in enumerate(groups)}
    assert colors_of(groups[2:]) == {group: before[group] for group in groups[2:]}
    assert colors_of(groups[::-1]) == before


def test_no_two_groups_share_a_colour_while_there_are_some() -> None:
    late = [f"G-{number:03d}" for number in range(37, 37 + COLORS)]
    assert sorted(colors_of(late).values()) == list(range(COLORS))
    assert colors_of(["G-001", "G-011"]) == {"G-001": 0, "G-011": 1}
    more = colors_of([f"G-{number}" for number in range(1, COLORS + 3)])
    assert [place for place in more.values() if place >= COLORS] == [COLORS, COLORS]
    assert colors_of(["named otherwise"]) == {"named otherwise": 0}
