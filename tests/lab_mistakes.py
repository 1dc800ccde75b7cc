"""Mistakes that learners make in the labs, planted by `test_labs.py` in the solved file of each.

A row: what the learner did, the text of the solved file (once, above the self-tests), what they wrote instead, and
words of the message that the first failing self-test then gives. At least six for each lab.
"""

MISTAKES = {}

MISTAKES["what-is-calculus/differentiator"] = [
    (
        "slope 1 for a constant",
        "return Dual(x, 0)",
        "return Dual(x, 1)",
        "a constant does not move",
    ),
    (
        "the number itself for a constant",
        "return Dual(x, 0)",
        "return x",
        "gave int; return a Dual",
    ),
    (
        "a constant without return",
        "return Dual(x, 0)",
        "Dual(x, 0)",
        "gave NoneType; return a Dual",
    ),
    (
        "a sum that changes what it is given",
        "return Dual(self.value + other.value, self.slope + other.slope)",
        "self.value = self.value + other.value\n        self.slope = self.slope + other.slope\n        return self",
        "make a new one",
    ),
    (
        "slopes of a sum multiplied",
        "self.slope + other.slope)",
        "self.slope * other.slope)",
        "the slope of a sum is the sum of the slopes",
    ),
    (
        "a sum that calls itself",
        "return Dual(self.value + other.value, self.slope + other.slope)",
        "return self + other",
        "never ends",
    ),
    (
        "a plain number not made a Dual",
        "        other = as_dual(other)\n        return Dual(self.value + other",
        "        return Dual(self.value + other",
        "was as_dual forgotten?",
    ),
    (
        "negative without its slope",
        "return Dual(-self.value, -self.slope)",
        "return Dual(-self.value, self.slope)",
        "upside down, a climb is a fall",
    ),
    (
        "product of the slopes",
        "slope = self.slope * other.value + self.value * other.slope",
        "slope = self.slope * other.slope",
        "the slope of a product needs two terms",
    ),
    (
        "one term of the product rule",
        "slope = self.slope * other.value + self.value * other.slope",
        "slope = self.slope * other.value",
        "the slope of a product needs two terms",
    ),
    (
        "each slope with its own factor",
        "slope = self.slope * other.value + self.value * other.slope",
        "slope = self.slope * self.value + other.value * other.slope",
        "goes with the other factor",
    ),
    (
        "Duals multiplied inside the product rule",
        "slope = self.slope * other.value + self.value * other.slope",
        "slope = self.slope * other + self.value * other.slope",
        "never ends",
    ),
    (
        "quotient divided by g",
        "above / other.value**2",
        "above / other.value",
        "not by g squared",
    ),
    (
        "quotient the wrong way round",
        "above = self.slope * other.value - self.value * other.slope",
        "above = self.value * other.slope - self.slope * other.value",
        "the wrong way round",
    ),
    (
        "brackets left out of the quotient",
        "above / other.value**2)",
        "self.slope * other.value - self.value * other.slope / other.value**2)",
        "put both into brackets",
    ),
    (
        "power without the inner slope",
        " * self.value ** (n - 1) * self.slope)",
        " * self.value ** (n - 1))",
        "inner derivative forgotten",
    ),
    (
        "exponent not in front",
        "n * self.value ** (n - 1)",
        "self.value ** (n - 1)",
        "the exponent has to come down",
    ),
    (
        "exponent not lowered",
        "n * self.value ** (n - 1)",
        "n * self.value**n",
        "one lower",
    ),
    (
        "sine without the inner slope",
        "math.cos(x.value) * x.slope)",
        "math.cos(x.value))",
        "inner derivative forgotten",
    ),
    (
        "outer slope at the inner slope",
        "math.cos(x.value) * x.slope)",
        "math.cos(x.slope) * x.slope)",
        "at the value of x, not at its slope",
    ),
    (
        "cosine without its sign",
        "-math.sin(x.value)",
        "math.sin(x.value)",
        "a sign is missing",
    ),
    (
        "power rule for e to the x",
        "math.exp(x.value) * x.slope)",
        "x.value * math.exp(x.value - 1) * x.slope)",
        "that is the power rule",
    ),
    (
        "logarithm the wrong way up",
        "x.slope / x.value)",
        "x.slope * x.value)",
        "the wrong way up",
    ),
    (
        "tanh not squared",
        "(1 - squashed**2)",
        "(1 - squashed)",
        "square the tanh",
    ),
    (
        "the value of f for its slope",
        "as_dual(f(Dual(at, 1))).slope",
        "as_dual(f(Dual(at, 1))).value",
        "the slope was asked for",
    ),
    (
        "an input that does not move",
        "Dual(at, 1)",
        "Dual(at, 0)",
        "its slope is 1, not 0",
    ),
    (
        "a function that may be constant",
        "as_dual(f(Dual(at, 1))).slope",
        "f(Dual(at, 1)).slope",
        "was as_dual forgotten?",
    ),
    (
        "residuals not squared",
        "residual**2",
        "residual",
        "square each residual",
    ),
    (
        "the tanh of math in the misfit",
        "residual = y - tanh(",
        "residual = y - math.tanh(",
        "functions of math take plain numbers",
    ),
    (
        "return inside the loop",
        "    return total",
        "        return total",
        "add up all, then return",
    ),
]

MISTAKES["multivariate-calculus/strategy"] = [
    (
        "the highest kept",
        "        if probe[1] < best[1]:",
        "        if probe[1] > best[1]:",
        "that is the highest",
    ),
    (
        "the last probe for the lowest",
        "            best = probe\n    return best",
        "            best = probe\n    return history[-1]",
        "that is the last",
    ),
    (
        "the height for the probe",
        "            best = probe\n    return best",
        "            best = probe\n    return best[1]",
        "return the whole probe",
    ),
    (
        "whole probes compared",
        "        if probe[1] < best[1]:",
        "        if probe[2] < best[2]:",
        "compare numbers, such as heights",
    ),
    (
        "the last lower than its neighbour",
        "        if probe[1] < best[1]:\n            best = probe",
        "        if probe[1] < history[0][1]:\n            best = probe",
        "is an earlier one lower?",
    ),
    (
        "uphill",
        "there = point - step * uphill",
        "there = point + step * uphill",
        "the slope points uphill: minus",
    ),
    (
        "the whole gradient",
        "step * uphill / np.linalg.norm(uphill)",
        "step * uphill",
        "divide it by its length first",
    ),
    (
        "the step alone",
        "there = point - step",
        "there = -step",
        "it starts from the point",
    ),
    (
        "the length as a sum of sides",
        "uphill / np.linalg.norm(uphill)",
        "uphill / np.sum(np.abs(uphill))",
        "by Pythagoras, not 7",
    ),
    (
        "the square of the length",
        "uphill / np.linalg.norm(uphill)",
        "uphill / (uphill @ uphill)",
        "not by its square",
    ),
    (
        "a step of one metre whatever was asked",
        "step * uphill / np.linalg",
        "uphill / np.linalg",
        "how long is the step?",
    ),
    (
        "through the fence",
        "    return np.clip(there, 0, 10)",
        "    return there",
        "leaves the square",
    ),
    (
        "the point itself moved",
        "    there = point - step * uphill / np.linalg.norm(uphill)\n",
        "    point -= step * uphill / np.linalg.norm(uphill)\n    there = point\n",
        "you changed an array that was given",
    ),
    (
        "overshot the wrong way round",
        "before[2] @ after[2] < 0",
        "before[2] @ after[2] > 0",
        "the slopes agree",
    ),
    (
        "heights compared for slopes",
        "before[2] @ after[2] < 0",
        "bool(after[1] > before[1])",
        "readings err, the stick does not",
    ),
    (
        "a product entry by entry",
        "before[2] @ after[2] < 0",
        "before[2] * after[2] < 0",
        "return True or False, not ndarray",
    ),
    (
        "only the east compared",
        "before[2] @ after[2] < 0",
        "before[2][0] * after[2][0] < 0",
        "both parts of the slopes count",
    ),
    (
        "the heights multiplied",
        "before[2] @ after[2] < 0",
        "before[1] * after[1] < 0",
        "a bottom lies between",
    ),
    (
        "the step still long",
        "    return step < SHORTEST or hopeless",
        "    return step > SHORTEST or hopeless",
        "it has only begun",
    ),
    (
        "the best walk given up",
        "height > best + MARGIN",
        "height < best + MARGIN",
        "a metre above the best",
    ),
    (
        "no margin",
        "height > best + MARGIN",
        "height > best",
        "it is within MARGIN",
    ),
    (
        "a margin below the best",
        "height > best + MARGIN",
        "height > best - MARGIN",
        "it is within MARGIN",
    ),
    (
        "given up while the steps are long",
        "step < SHORT and height",
        "height",
        "it may yet get deep",
    ),
    (
        "never given up",
        "    return step < SHORTEST or hopeless",
        "    return step < SHORTEST",
        "give it up",
    ),
    (
        "started beside a probe",
        "PLACES[np.argmax(nearest)]",
        "PLACES[np.argmin(nearest)]",
        "that is beside a probe",
    ),
    (
        "far on average",
        "np.min(np.linalg.norm(points - place, axis=1))",
        "np.mean(np.linalg.norm(points - place, axis=1))",
        "far on average is not enough",
    ),
    (
        "far from the last probe only",
        "points = np.array([probe[0] for probe in history])",
        "points = np.array([history[-1][0]])",
        "the last probe only",
    ),
    (
        "nothing for an empty history",
        "    if not history:\n        return np.array([5.0, 5.0])\n    points",
        "    points",
        "at first the history is empty",
    ),
    (
        "a distance for a place",
        "    return PLACES[np.argmax(nearest)]",
        "    return max(nearest)",
        "return an array",
    ),
    (
        "the empty history forgotten in the end",
        "    if not history:\n        return fresh_start(history)\n    walk",
        "    walk",
        "at first the history is empty",
    ),
    (
        "the same place again",
        "return downhill(last[0], last[2], step)",
        "return last[0]",
        "a probe for nothing",
    ),
    (
        "uphill in the end",
        "return downhill(last[0], last[2], step)",
        "return downhill(last[0], -last[2], step)",
        "that walks uphill",
    ),
    (
        "the step never shorter",
        "return downhill(last[0], last[2], step)",
        "return downhill(last[0], last[2], LONGEST)",
        "the step is not shorter",
    ),
    (
        "on from the first probe",
        "    last = walk[-1]",
        "    last = walk[0]",
        "on from the walk's first probe",
    ),
    (
        "on from the lowest probe",
        "    last = walk[-1]",
        "    last = lowest(walk)",
        "on from the lowest probe",
    ),
    (
        "no second start",
        "    if over:\n        return fresh_start(history)\n    last",
        "    last",
        "never tries a second pit",
    ),
    (
        "always a fresh start",
        "    if over:\n",
        "    if walk:\n",
        "should be [3.8, 3.4]",
    ),
    (
        "fresh starts without a history",
        "    if over:\n        return fresh_start(history)",
        "    if over:\n        return fresh_start([])",
        "never tries a second pit",
    ),
]

MISTAKES["chain-rule-and-networks/network"] = [
    (
        "columns left flat",
        "X = np.array([[x] for x, y in points], dtype=float)",
        "X = np.array([x for x, y in points], dtype=float)",
        "A - Y becomes a 3 by 3 grid",
    ),
    (
        "a row in place of a column",
        "Y = np.array([[y] for x, y in points], dtype=float)",
        "Y = np.array([[y for x, y in points]], dtype=float)",
        "one sample a row makes a column",
    ),
    (
        "slope of tanh taken of the total",
        "return 1 - np.tanh(Z) ** 2",
        "return 1 - Z**2",
        "bend it first: 1 - tanh(Z)**2",
    ),
    (
        "slope of the logistic function taken of the total",
        "return bent(Z, bend) * (1 - bent(Z, bend))",
        "return Z * (1 - Z)",
        "bend it first: a * (1 - a)",
    ),
    (
        "one number for the slope without a bend",
        "return np.ones(Z.shape)",
        "return 1.0",
        "the slope is 1 for every total",
    ),
    (
        "weights not transposed",
        "outputs[-1] @ layer.W.T + layer.b",
        "outputs[-1] @ layer.W + layer.b",
        "W without .T",
    ),
    (
        "bias forgotten",
        "outputs[-1] @ layer.W.T + layer.b",
        "outputs[-1] @ layer.W.T",
        "the bias is missing",
    ),
    (
        "every layer fed with X",
        "Z = outputs[-1] @ layer.W.T",
        "Z = X @ layer.W.T",
        "each layer takes in what the one before puts out",
    ),
    (
        "the outputs not bent",
        "outputs.append(bent(Z, layer.bend))",
        "outputs.append(Z)",
        "what comes after the bend",
    ),
    (
        "totals and outputs confused",
        "totals.append(Z)",
        "totals.append(bent(Z, layer.bend))",
        "totals hold Z, before the bend",
    ),
    (
        "batch mean forgotten in the cost",
        "np.sum((A - Y) ** 2) / len(Y)",
        "np.sum((A - Y) ** 2)",
        "the cost is a mean",
    ),
    (
        "outputs counted in the mean",
        "np.sum((A - Y) ** 2) / len(Y)",
        "np.mean((A - Y) ** 2)",
        "only samples count",
    ),
    (
        "a flat array of targets let in",
        '    if A.shape != Y.shape:\n        raise ValueError(f"A has shape {A.shape}, Y has shape {Y.shape}")\n',
        "",
        "made a 3 by 3 grid of differences",
    ),
    (
        "the 2 forgotten",
        "return 2 * (A - Y) / len(Y) *",
        "return (A - Y) / len(Y) *",
        "the 2 is missing",
    ),
    (
        "batch mean forgotten in delta",
        "return 2 * (A - Y) / len(Y) *",
        "return 2 * (A - Y) *",
        "divide by the number of samples",
    ),
    (
        "target minus output",
        "return 2 * (A - Y) / len(Y) *",
        "return 2 * (Y - A) / len(Y) *",
        "output minus target",
    ),
    (
        "slope of the last bend forgotten",
        "2 * (A - Y) / len(Y) * slope_of_bend(Z, bend)",
        "2 * (A - Y) / len(Y)",
        "the slope of the bend is missing",
    ),
    (
        "slope of the last bend taken at its output",
        "len(Y) * slope_of_bend(Z, bend)",
        "len(Y) * slope_of_bend(A, bend)",
        "taken at Z; you gave it A",
    ),
    (
        "delta handed back through the transposed weights",
        "(delta @ W) *",
        "(delta @ W.T) *",
        "in a batch it is delta @ W",
    ),
    (
        "slope of a hidden bend forgotten",
        "(delta @ W) * slope_of_bend(Z, bend)",
        "delta @ W",
        "the slope of the bend is missing",
    ),
    (
        "slope of a hidden bend taken at its output",
        "(delta @ W) * slope_of_bend(Z, bend)",
        "(delta @ W) * slope_of_bend(bent(Z, bend), bend)",
        "taken at Z; you gave it the output",
    ),
    (
        "slopes of the weights transposed",
        "return delta.T @ A, ",
        "return A.T @ delta, ",
        "a row for each neuron",
    ),
    (
        "bias slopes not added up",
        "delta.sum(axis=0)",
        "delta",
        "add up the rows",
    ),
    (
        "bias slopes averaged",
        "delta.sum(axis=0)",
        "delta.mean(axis=0)",
        "carries the 1/n already",
    ),
    (
        "one bias slope for all neurons",
        "delta.sum(axis=0)",
        "delta.sum()",
        "each neuron has its own bias",
    ),
    (
        "bias slopes with a second axis",
        "delta.sum(axis=0)",
        "delta.sum(axis=0, keepdims=True)",
        "without a second axis",
    ),
    (
        "a layer's own output in its slopes",
        "slopes(delta, outputs[k])",
        "slopes(delta, outputs[k + 1])",
        "came into the layer",
    ),
    (
        "delta handed back through the layer's own weights",
        "layers[k + 1].W, totals[k]",
        "layers[k].W, totals[k]",
        "the W of the layer after",
    ),
    (
        "outputs in place of totals",
        "layers[k + 1].W, totals[k]",
        "layers[k + 1].W, outputs[k + 1]",
        "taken at the totals",
    ),
    (
        "the list of slopes backwards",
        "found.insert(0, slopes(delta, outputs[k]))",
        "found.append(slopes(delta, outputs[k]))",
        "the first layer comes first",
    ),
    (
        "gradients that train",
        "        found.insert(0, slopes(delta, outputs[k]))\n",
        "        found.insert(0, slopes(delta, outputs[k]))\n        layers[k].b -= found[0][1]\n",
        "gradients changed the network",
    ),
    (
        "uphill",
        "        layer.W -= step_size * W_slopes\n        layer.b -= step_size * b_slopes\n",
        "        layer.W += step_size * W_slopes\n        layer.b += step_size * b_slopes\n",
        "the wrong direction",
    ),
    (
        "biases not turned",
        "        layer.b -= step_size * b_slopes\n",
        "        pass\n",
        "the biases have to be turned",
    ),
    (
        "delta handed back through updated weights",
        "    found = gradients(layers, X, Y)\n"
        "    for layer, (W_slopes, b_slopes) in zip(layers, found, strict=True):\n"
        "        layer.W -= step_size * W_slopes\n"
        "        layer.b -= step_size * b_slopes\n",
        "    totals, outputs = forward(layers, X)\n"
        "    delta = last_delta(totals[-1], outputs[-1], Y, layers[-1].bend)\n"
        "    for k in reversed(range(len(layers))):\n"
        "        W_slopes, b_slopes = slopes(delta, outputs[k])\n"
        "        layers[k].W -= step_size * W_slopes\n"
        "        layers[k].b -= step_size * b_slopes\n"
        "        if k > 0:\n"
        "            delta = hand_back(delta, layers[k].W, totals[k - 1], layers[k - 1].bend)\n",
        "before all slopes were found",
    ),
    (
        "slopes found anew after each layer",
        "    found = gradients(layers, X, Y)\n"
        "    for layer, (W_slopes, b_slopes) in zip(layers, found, strict=True):\n",
        "    for k, layer in enumerate(layers):\n        W_slopes, b_slopes = gradients(layers, X, Y)[k]\n",
        "before all slopes were found",
    ),
    (
        "dials that are copies",
        "        layer.W -= step_size * W_slopes\n        layer.b -= step_size * b_slopes\n",
        "        W, b = layer.W - step_size * W_slopes, layer.b - step_size * b_slopes\n",
        "nothing has changed",
    ),
    (
        "cost noted after the step",
        "        costs.append(cost(forward(layers, X)[1][-1], Y))\n        train_step(layers, X, Y, step_size)\n",
        "        train_step(layers, X, Y, step_size)\n        costs.append(cost(forward(layers, X)[1][-1], Y))\n",
        "note it, then step",
    ),
    (
        "no list of costs",
        "    return costs",
        "    return costs[-1]",
        "return the list of costs",
    ),
    (
        "only flat targets refused",
        "    if A.shape != Y.shape:\n",
        "    if A.ndim != Y.ndim:\n",
        "made a 3 by 3 grid of differences",
    ),
    (
        "a step size of its own",
        "        layer.W -= step_size * W_slopes\n        layer.b -= step_size * b_slopes\n",
        "        layer.W -= 0.3 * W_slopes\n        layer.b -= 0.3 * b_slopes\n",
        "a third of the step size, and the same step",
    ),
    (
        "as many steps as it likes",
        "for _ in range(steps):",
        "for _ in range(200):",
        "2 steps make 2 costs",
    ),
    (
        "the step size not handed on",
        "        train_step(layers, X, Y, step_size)\n    return costs",
        "        train_step(layers, X, Y, 0.1)\n    return costs",
        "a tenth of the step size, and the cost fell as far",
    ),
]
