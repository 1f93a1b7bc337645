"""A process of the server settles before its first request: what it begins with is loaded, and stays.

Else the collector of unused objects looks through all of it now and then, some 190,000 objects, in the middle of
somebody's page: a tenth of a second, in one page of ten.
"""

import gc

from django.urls import get_resolver

#: A page makes some hundred thousand objects, and nearly all of them go with it.
NEW_OBJECTS_BETWEEN_LOOKS = 10_000
YOUNG_LOOKS_BETWEEN_OLDER = 20


def settle() -> None:
    # The addresses lead to every view, and so to all that a page needs.
    _loaded = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BETWEEN_LOOKS, YOUNG_LOOKS_BETWEEN_OLDER, YOUNG_LOOKS_BETWEEN_OLDER)
