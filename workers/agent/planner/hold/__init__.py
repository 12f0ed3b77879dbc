"""Holding the flights of the plan in force: asked for in words, done by `flight_hold` when it is approved."""
