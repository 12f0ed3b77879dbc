"""From what somebody wrote to what they ask for. No search, no clock, no language but the words given."""
