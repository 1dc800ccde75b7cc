"""Formulas given as text, made into functions: numbers, names, arithmetic and a few functions; nothing else."""

import ast

import numpy as np

KNOWN = {name: getattr(np, name) for name in "exp log sqrt sin cos abs".split()} | {"atan2": np.arctan2, "pi": np.pi}
ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd,
    ast.Call, ast.Name, ast.Load, ast.Constant,
)  # fmt: skip


def function_of(formula, names):
    """The function with arguments of these names whose value is the formula."""
    tree = ast.parse(formula.strip(), mode="eval")
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            raise ValueError(f"formula: expected arithmetic, got {ast.unparse(node)} in {formula}")
        if isinstance(node, ast.Name) and node.id not in {*KNOWN, *names}:
            raise ValueError(f"formula: expected one of the names {names}, got {node.id} in {formula}")
    return eval(f"lambda {', '.join(names)}: {ast.unparse(tree)}", {"__builtins__": {}, **KNOWN})


def number(formula):
    """The value of a formula without names."""
    return float(function_of(formula, [])())
