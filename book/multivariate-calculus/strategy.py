"""A strategy for the Sandpit: which place to probe next?

Replace each line `raise NotImplementedError(...)`, from Step 1 to Step 6.
To see where you stand:  python -m pytest -x strategy.py

A probe is a triple (point, height, uphill): the place, an array (east, north);
the height that was read there, in metres; the gradient that the stick shows there.
A history is the list of all probes so far, the first in front.
"""

import numpy as np

from mmlbook.landscape import sandpit

LONGEST = 2.0  # metres: the first step of each walk
SHORTEST = 0.05  # metres: a walk whose steps are shorter is over
SHORT = 0.3  # metres: with such a step, a walk has nearly come to a bottom
MARGIN = 0.5  # metres: a bottom so far above the best one is given up

SIDE = np.linspace(0.5, 9.5, 10)  # a hundred places at which a walk may begin
PLACES = np.array([(east, north) for east in SIDE for north in SIDE])


def lowest(history):
    """Return the probe with the lowest height."""
    raise NotImplementedError("Step 1: the probe with the lowest height.")


def downhill(point, uphill, step):
    """Return the place that is `step` metres from point, straight downhill.

    If it lies beyond the fence, return the place inside that np.clip gives.
    """
    raise NotImplementedError("Step 2: against the gradient, step metres.")


def overshot(before, after):
    """Tell whether a walk has passed a bottom between two of its probes."""
    raise NotImplementedError("Step 3: does the second slope point back?")


def is_over(step, height, best):
    """Tell whether a walk should end.

    step: the length of its next step; height: of its last probe;
    best: the lowest height that earlier walks have read; np.inf on the first walk.
    """
    raise NotImplementedError("Step 4: SHORTEST, or SHORT and MARGIN.")


def fresh_start(history):
    """Return where a new walk begins: the one of PLACES that is farthest from
    the probe nearest to it. The very first walk begins at (5, 5).
    """
    raise NotImplementedError("Step 5: a start far from all that is known.")


def next_point(history):
    """Return the place of the next probe, an array (east, north)."""
    raise NotImplementedError("Step 6: a start, a step, or a fresh start.")


# The rest is done. It uses what you write.


def last_walk(history):
    """Return the last walk, a list of probes; its next step; whether it is over."""
    walk, step, over, best = [], LONGEST, False, np.inf
    for n, probe in enumerate(history):
        if over:  # then this probe began a new walk
            walk, step, best = [], LONGEST, lowest(history[:n])[1]
        if walk and overshot(walk[-1], probe):
            step = step / 2
        walk.append(probe)
        over = is_over(step, probe[1], best)
    return walk, step, over


def play(player, ground, budget=100):
    """Return the history of a game, which the bell or the budget ends."""
    bell = ground.value(ground.deepest) + 0.05
    history = []
    for n in range(budget):
        point = np.array(player(list(history)), dtype=float)
        history.append((point, ground.sounding(point, n), ground.gradient(point)))
        if ground.value(point) <= bell:
            break
    return history


def score(player, grounds, budget=100):
    """Return the probes of each game; infinity where the bell never rang."""
    needed = []
    for ground in grounds:
        history = play(player, ground, budget)
        bell = ground.value(ground.deepest) + 0.05
        rang = ground.value(history[-1][0]) <= bell
        needed.append(len(history) if rang else np.inf)
    return np.array(needed)


# Self-tests: nothing to change from here on.


def test_step_1_lowest():
    history = probes((2, 2, 0.5, 1, 0), (4, 2, -1.5, 0, 1), (6, 2, -0.3, 1, 1))
    found = attempt(1, "lowest(history)", lowest, history)
    number = isinstance(found, (int, float))
    assert not number, "Step 1: that is a number; return the whole probe"
    triple = isinstance(found, tuple) and len(found) == 3
    assert triple, f"Step 1: return a probe, a triple; yours is {kind(found)}"
    assert found is not history[0], "Step 1: that is the highest, or the first"
    assert found is not history[2], "Step 1: that is the last; is an earlier one lower?"
    assert found is history[1], "Step 1: return one of the probes as it is"
    assert len(history) == 3, "Step 1: you changed the history; leave it as it is"
    swapped = history[::-1] + history[2:]
    found = attempt(1, "lowest(history)", lowest, swapped)
    assert found is history[1], "Step 1: the lowest may stand anywhere in the history"


def test_step_2_downhill():
    what = "downhill([7, 2], [3, 4], 1)"
    point, uphill = np.array([7.0, 2.0]), np.array([3.0, 4.0])
    there = attempt(2, what, downhill, point, uphill, 1)
    check_place(2, what, there)
    kept = np.array_equal(point, [7, 2]) and np.array_equal(uphill, [3, 4])
    assert kept, "Step 2: you changed an array that was given; make a new one"
    slips = {
        (7.6, 2.8): "the slope points uphill: minus",
        (10, 6): "the slope points uphill: minus; and divide it by its length",
        (4, 0): "that is the whole gradient; divide it by its length first",
        (0, 0): "that is the step alone; it starts from the point",
        (7 - 3 / 7, 2 - 4 / 7): "the length of (3, 4) is 5, by Pythagoras, not 7",
        (7 - 3 / 25, 2 - 4 / 25): "divide by the length, not by its square",
    }
    check_slips(2, there, slips)
    good = np.allclose(there, [6.4, 1.2])
    assert good, f"Step 2: {what} should be [6.4, 1.2]; yours is {there}"
    what = "downhill([7, 2], [3, 4], 2)"
    there = attempt(2, what, downhill, point, uphill, 2)
    good = np.allclose(there, [5.8, 0.4])
    assert good, f"Step 2: {what} should be [5.8, 0.4]: how long is the step?"
    what = "downhill([1, 9], [3, -4], 5)"
    corner = np.array([1.0, 9.0]), np.array([3.0, -4.0])
    there = attempt(2, what, downhill, *corner, 5)
    good = np.all((there >= 0) & (there <= 10))
    assert good, f"Step 2: {what} leaves the square: {there}; np.clip(place, 0, 10)"
    good = np.allclose(there, [0, 10])
    assert good, f"Step 2: {what} should be [0, 10]; yours is {there}"


def test_step_3_overshot():
    start, down = probes((2, 2, 0, 1, 2), (4, 2, -1, -2, -4))
    others = [down, *probes((4, 2, 1, 2, 4), (4, 2, -1, 2, 4))]
    said = [attempt(3, "overshot", overshot, start, after) for after in others]
    for found in said:
        single = isinstance(found, (bool, np.bool_))
        assert single, f"Step 3: return True or False, not {kind(found)}"
    heights = not said[0] and said[1] and not said[2]
    assert not heights, "Step 3: compare slopes; readings err, the stick does not"
    both = "both parts of the slopes count: take their dot product"
    cases = [
        ((1, 2), (2, 4), False, "the slopes agree: the way down goes on"),
        ((1, 2), (-2, -4), True, "the second slope points back: a bottom lies between"),
        ((1, 2), (-3, 1), True, both),
        ((1, 2), (3, -1), False, both),
        ((1, 2), (1, -3), True, both),
        ((1, 2), (-1, 3), False, both),
    ]
    for (a, b), (c, d), answer, why in cases:
        before, after = probes((2, 2, 0, a, b), (4, 2, -1, c, d))
        what = f"with slopes ({a}, {b}) and then ({c}, {d})"
        found = attempt(3, f"overshot {what}", overshot, before, after)
        good = found == answer
        assert good, f"Step 3: {what} you say {found}; {why}"


def test_step_4_is_over():
    cases = [
        (2.0, 0.0, np.inf, False, "it has only begun"),
        (0.03, -1.0, np.inf, True, "its step is shorter than SHORTEST"),
        (0.03, -1.0, -1.0, True, "its step is shorter than SHORTEST"),
        (0.25, -1.0, -2.0, True, "near a bottom, a metre above the best: give it up"),
        (0.25, -1.8, -2.0, False, "it is within MARGIN of the best: it may win yet"),
        (0.25, -2.0, -1.0, False, "it is lower than the best; lower is better"),
        (1.0, 0.0, -2.0, False, "its steps are long: it may yet get deep"),
    ]
    for step, height, best, answer, why in cases:
        what = f"is_over(step={step}, height={height}, best={best})"
        found = attempt(4, what, is_over, step, height, best)
        single = isinstance(found, (bool, np.bool_))
        assert single, f"Step 4: return True or False, not {kind(found)}"
        good = found == answer
        assert good, f"Step 4: {what} should be {answer}: {why}"


def test_step_5_fresh_start():
    first = attempt(5, "fresh_start([])", fresh_start, [])
    check_place(5, "fresh_start([])", first)
    good = np.allclose(first, [5, 5])
    assert good, f"Step 5: with no history begin at (5, 5); yours is {first}"
    been = [(5, 5), (9, 8), (9, 5), (8, 3), (4, 8), (1, 3)]
    history = probes(*[(x, y, 0, 1, 0) for x, y in been])
    found = attempt(5, "fresh_start(history)", fresh_start, history)
    check_place(5, "fresh_start(history)", found)
    away = [[np.linalg.norm(place - probe[0]) for probe in history] for place in PLACES]
    offered = any(np.allclose(found, place) for place in PLACES)
    assert offered, f"Step 5: {found} is none of PLACES"
    slips = {
        tuple(PLACES[np.argmin(np.min(away, axis=1))]): "that is beside a probe; far!",
        tuple(PLACES[np.argmax(np.sum(away, axis=1))]): "far on average is not enough; "
        "what counts is the distance to the *nearest* probe",
        tuple(PLACES[np.argmax(np.transpose(away)[-1])]): "that is far from the last "
        "probe only; stay away from all of them",
    }
    check_slips(5, found, slips)
    best = PLACES[np.argmax(np.min(away, axis=1))]
    good = np.allclose(found, best)
    assert good, f"Step 5: the place should be {best}; yours is {found}"


def test_step_6_first_steps():
    what = "next_point([])"
    first = attempt(6, what, next_point, [])
    check_place(6, what, first)
    good = np.allclose(first, [5, 5])
    assert good, f"Step 6: {what} should be the first start, (5, 5); yours is {first}"
    walk = probes((5, 5, 0, 0.3, 0.4))
    what = "next_point, after one probe with the slope (0.3, 0.4),"
    there = attempt(6, what, next_point, walk)
    check_place(6, what, there)
    slips = {
        (6.2, 6.6): "that walks uphill: minus",
        (5, 5): "that repeats a point: a probe for nothing",
        (4.4, 4.2): "the first step of a walk is LONGEST, 2 metres",
    }
    check_slips(6, there, slips)
    good = np.allclose(there, [3.8, 3.4])
    assert good, f"Step 6: {what} should be [3.8, 3.4]; yours is {there}"


def test_step_6_later_steps():
    walk = probes((5, 5, 0, 0.3, 0.4), (3.8, 3.4, -0.5, -0.8, 0.6))
    walk += probes((5.4, 2.2, 0.9, 0.6, -0.8))
    what = "next_point, after a step too far,"
    there = attempt(6, what, next_point, walk)
    check_place(6, what, there)
    slips = {
        (4.2, 3.8): "you overshot, and the step is not shorter",
        (6, 1.4): "that walks uphill: minus",
        (4.4, 4.2): "that goes on from the walk's first probe; go on from its last",
        (4.6, 2.8): "that goes on from the lowest probe; go on from the last",
    }
    check_slips(6, there, slips)
    good = np.allclose(there, [4.8, 3])
    assert good, f"Step 6: {what} should be [4.8, 3.0]; yours is {there}"


def test_step_6_second_start():
    slopes = [(3.0, 4.0), (-3.0, -4.0)] * 3 + [(3.0, 4.0)]
    walk = [(5 + n / 100, 5, -1, *slope) for n, slope in enumerate(slopes)]
    what = "next_point, when a walk is over,"
    history = probes(*walk)
    there = attempt(6, what, next_point, history)
    check_place(6, what, there)
    first = np.allclose(there, [5, 5])
    again = "that is (5, 5) again, and never tries a second pit: hand on the history"
    assert not first, f"Step 6: {again}"
    stays = np.linalg.norm(there - [5, 5]) < 1
    never = "never tries a second pit: a walk that is over needs a fresh start"
    assert not stays, f"Step 6: {never}"
    good = np.allclose(there, fresh_start(history))
    assert good, f"Step 6: {what} should be the fresh start; yours is {there}"


def test_step_6_whole_games():
    for seed in range(5):
        ground = sandpit("several pits", seed)
        what = f"the game on sandpit('several pits', {seed})"
        history = attempt(6, what, play, next_point, ground, 60)
        points = np.array([point for point, height, uphill in history])
        inside = np.all((points >= 0) & (points <= 10))
        assert inside, f"Step 6: {what}: a probe leaves the square"
        again = len({tuple(point) for point in points.tolist()}) < len(points)
        assert not again, f"Step 6: {what} repeats a point: a probe for nothing"
        jumps = np.linalg.norm(np.diff(points, axis=0), axis=1) > LONGEST + 0.01
        stuck = len(history) == 60 and not jumps.any()
        budget = "ignores the budget: sixty probes, and all of them in one walk"
        assert not stuck, f"Step 6: {what} {budget}"


def test_step_6_score():
    grounds = [sandpit("several pits", seed) for seed in range(10)]
    what = "ten landscapes with five pits, sixty probes each"
    found = np.sum(attempt(6, what, score, next_point, grounds, 60) < np.inf)
    assert found >= 8, f"Step 6: {what}: the deepest pit found in {found}; 8 at least"


# What the self-tests share.


def probes(*rows):
    """Return a history from rows of east, north, height and the two slopes."""
    history = []
    for x, y, z, a, b in rows:
        history.append((np.array([x, y]) + 0.0, z, np.array([a, b]) + 0.0))
    return history


def attempt(step, what, function, *given):
    """Return the result; turn an error of Python's into a sentence."""
    trouble = ""
    try:
        with np.errstate(all="ignore"):
            return function(*given)
    except NotImplementedError:
        raise
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"
    assert not trouble, f"Step {step}: {what} stopped with {trouble}{advice(trouble)}"


def advice(trouble):
    """Say what such an error usually means here."""
    if "truth value" in trouble:
        return "; compare numbers, such as heights, and not whole probes or arrays"
    if "tuple" in trouble:
        return "; a probe is a triple: point, height, uphill = probe"
    if any(sign in trouble for sign in ("empty", "(0,)", "index out of range")):
        return "; at first the history is empty"
    if "NoneType" in trouble:
        return "; something returned nothing"
    return ""


def check_place(step, what, found):
    """Check that a result is an array of two finite numbers."""
    array = isinstance(found, np.ndarray)
    assert array, f"Step {step}: {what} gave {kind(found)}; return an array"
    good = found.shape == (2,)
    assert good, f"Step {step}: {what} gave shape {found.shape}; expected (2,)"
    finite = np.all(np.isfinite(found))
    assert finite, f"Step {step}: {what} gave {found}; was something divided by zero?"


def check_slips(step, found, slips):
    """Name the slip if the place is a known one."""
    for wrong, message in slips.items():
        slipped = np.allclose(found, wrong)
        assert not slipped, f"Step {step}: {message}"


def kind(thing):
    """Return the name of a thing's kind, for a message."""
    return "nothing" if thing is None else type(thing).__name__
