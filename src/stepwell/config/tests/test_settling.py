"""What the server begins with is not looked through again while somebody waits for a page."""

import gc

from stepwell.config.settling import settle


def test_what_the_server_begins_with_is_left_alone_and_what_a_page_makes_is_not():
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 100_000
        left = gc.get_objects()
        assert len(left) < 10_000
        assert gc.isenabled()
        a_page_made: list[object] = []
        a_page_made.append(a_page_made)
        del a_page_made
        assert gc.collect() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
