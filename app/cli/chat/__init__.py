"""`tripsage chat`: a conversation with the agent in a terminal, over the same socket as everybody's."""
