"""`python -m app.cli`, the same as `tripsage`."""

from app.cli import main

main()
