"""Neutral messages out of the house, by e-mail and text: to safe contacts only, once each, with what became of them."""
