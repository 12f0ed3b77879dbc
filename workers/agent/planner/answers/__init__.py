"""Turns that end without a plan: questions asked back, refusals, and answers to other questions."""
