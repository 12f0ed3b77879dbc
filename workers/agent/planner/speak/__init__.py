"""What is said to the user: the words of each language, and how values are written in them."""
