"""`tripsage trip`: a trip edited in a terminal, together with others."""
