"""Choosing: candidates and demands in, the best choice or the reasons against one out.

Nothing here knows a tool, a provider or a currency.
"""
