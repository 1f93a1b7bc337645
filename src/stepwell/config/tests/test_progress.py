"""Progress can be read on a terminal that redraws and on one that does not."""

import io

from stepwell.config.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_there_is_one_line_for_each_tenth():
    out = io.StringIO()
    progress = Progress(out)
    for done in range(201):
        progress(done, 200, "Maya's week")
    lines = out.getvalue().splitlines()
    assert len(lines) == 11
    assert lines[-1] == "  100%  Maya's week"


def test_a_terminal_has_one_line_that_is_drawn_over():
    out = Terminal()
    progress = Progress(out)
    progress(200, 200, "a long name of what is being done")
    progress(200, 200, "short")
    first, second = out.getvalue().split("\r")[1:]
    assert "[##############################] 100%" in second
    assert len(second) == len(first)


def test_nothing_to_do_is_done():
    out = io.StringIO()
    Progress(out)(0, 0, "nothing")
    assert "100%" in out.getvalue()
