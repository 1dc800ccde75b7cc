"""Small faults planted in `mmlbook`: the tests of each module find nearly all of those in it."""

import pytest

from tests import mutants

# Faults that change nothing which could be observed: by name, the line that they change and the reason.
HARMLESS = {
    "fit.pseudo_inverse: comparison 1": (
        "U, singular, Vt = np.linalg.svd(A * scale, full_matrices=A.shape[0] < columns)",
        "for a square matrix, the full and the thin decomposition are the same",
    ),
    "dual.Dual._scatter: branch 1": ("if is_basic(index):", "both ways give the same, the first is faster"),
    "dual_rules._cumsum: constant 1": (
        "x, dx, axis = np.ravel(x), np.reshape(dx, (*directions(x, dx), -1)), -1",
        "NumPy finds out the length of an axis from any negative number",
    ),
    "jets.Jet.__pow__: constant 2": (
        "return _whole_power(self, int(exponent)) if exponent >= 0 else 1.0 / _whole_power(self, -int(exponent))",
        "the power 0 is 1, and so is one over it",
    ),
    "landscape.Landscape.deepest: off by one 9": (
        "for _ in range(30):",
        "Newton's method has settled long before, and one more step leaves it where it is",
    ),
    "line_search.backtrack: comparison 6": (
        "if low_enough or new_slope @ direction <= -(1 - 2 * FAIR) * promise:",
        "only a slope that is equal to the last bit could tell",
    ),
    "plot.network: constant 14": (
        'ax.scatter(np.full(len(places), layer), -places, s=150, color="C2", zorder=2)',
        "nothing is drawn between the two layers",
    ),
    "recording._pull_back_scatter: constant 1": (
        "return spread_out(g, np.broadcast_to(0.0, shape))[index]",
        "only the shape of that array is looked at",
    ),
    "roots._restless: comparison 3": (
        "if len(ratios) == 2 and 0.4 < ratios[1] < 0.99 and abs(ratios[1] - ratios[0]) < 1e-3:",
        "only a difference that is equal to the last bit could tell",
    ),
}

MODULE = b'''"""Text."""


def inside(x, least=3):
    """Text: 1 + 1."""
    if x < least:
        raise ValueError(f"x: {x + 1}")
    return 2.5 * x[0] - x.T


def later(f):
    for i in range(5):
        f = -f if i == 1 else f / 3
    return f
'''


def differences(source):
    return {(fault.name, fault.difference(source).split("\n+")[1].strip()) for fault in found(source)}


def found(source):
    return mutants.every_fault("m", source)


def test_each_kind_of_fault_is_planted_where_it_can_be():
    assert differences(MODULE) == {
        ("m.inside: comparison 1", "if x > least:"),
        ("m.inside: constant 1", "return 5.0 * x[0] - x.T"),
        ("m.inside: factor 1", "return 2.5  - x.T"),
        ("m.inside: off by one 1", "return 2.5 * x[1] - x.T"),
        ("m.inside: sign 1", "return 2.5 * x[0] + x.T"),
        ("m.inside: transpose 1", "return 2.5 * x[0] - x"),
        ("m.later: off by one 1", "for i in range(5 + 1):"),
        ("m.later: branch 1", "f = -f if not (i == 1) else f / 3"),
        ("m.later: comparison 1", "f = -f if i != 1 else f / 3"),
        ("m.later: constant 1", "f = -f if i == 2 else f / 3"),
        ("m.later: constant 2", "f = -f if i == 1 else f / 6"),
        ("m.later: factor 1", "f = -f if i == 1 else f"),
        ("m.later: sign 1", "f = f if i == 1 else f / 3"),
    }


def test_an_edit_elsewhere_leaves_the_faults_alone():
    edited = MODULE.replace(b"2.5 * x[0]", b"x[0] - 1 / x[1]").replace(b'"""Text."""', b'"""Text."""\n\nA = 3 - 2')
    later = {fault for fault in differences(MODULE) if ".later" in fault[0]}
    assert later == {fault for fault in differences(edited) if ".later" in fault[0]}


@pytest.mark.parametrize("module", mutants.modules())
def test_each_module_has_tests_of_its_own(module):
    assert len(mutants.tests_of(module)) > 1


def test_the_harmless_faults_are_still_there():
    sources = {module: mutants.source_of(module) for module in {name.partition(".")[0] for name in HARMLESS}}
    there = {
        fault.name: fault.difference(source).split("\n")[0].removeprefix("-").strip()
        for module, source in sources.items()
        for fault in mutants.every_fault(module, source)
    }
    assert {name: line for name, (line, _) in HARMLESS.items() if there.get(name) != line} == {}


@pytest.mark.slow
def test_nearly_all_faults_are_found():
    faults = [
        fault
        for module in mutants.modules()
        for fault in mutants.chosen(module, mutants.source_of(module))
        if fault.name not in HARMLESS
    ]
    assert len(faults) >= 100
    survivors = [fault for fault, outcome in mutants.plant(faults) if outcome == "passed"]
    reports = "\n".join(fault.report(mutants.source_of(fault.module)) for fault in survivors)
    assert len(survivors) <= 0.05 * len(faults), f"{len(survivors)} of {len(faults)} faults survive:\n{reports}"
