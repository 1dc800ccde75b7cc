"""The devices of a lecture: goals, predictions, choices, interactive figures, and the nodes that they are made of."""
