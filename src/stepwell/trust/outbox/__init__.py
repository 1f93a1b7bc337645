"""Neutral messages out of the house, by e-mail and text: to safe contacts only, once each, with what became of them.

``actions.queue`` asks for one in the transaction of the act that it tells of; ``actions.call_off`` takes back what has
not gone yet. Which messages there are, and every word of them, is data in ``kinds``.
"""
