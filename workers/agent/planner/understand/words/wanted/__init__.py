"""A module a language: constraints, changes of a plan, and questions that are no trip."""
