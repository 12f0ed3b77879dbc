"""What is assumed, warned of and asked, a file a language."""
