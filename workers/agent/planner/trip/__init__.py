"""Planning a trip: search, choose, check the weather, and write down what came of it."""
