"""Solving: what could be chosen and what must hold in, the best trip or the reasons against one out.

Nothing here knows a tool, a provider, a language or a currency.
"""
