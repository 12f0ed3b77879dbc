"""What TripSage costs and how fast it is, beside something to compare it with: `python -m benchmarks`.

Absolute figures belong to one machine on one day. What is measured beside a yardstick is measured in the same
run, in turns, so that the ratio holds on a busy machine too. Linux only: costs are read from outside a process.
"""
