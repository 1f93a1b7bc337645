"""A progress bar that can be read on any terminal, and in a log."""

import sys
import time
from typing import TextIO

WIDTH = 30


class Progress:
    """`progress(done, total, label)` redraws one line on a terminal; elsewhere it prints a line each tenth."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.redraws = out.isatty()
        self.began = time.monotonic()
        self.last_tenth = -1
        self.last_drawn = 0.0
        self.longest = 0

    def __call__(self, done: int, total: int, label: str) -> None:
        share = min(done / total, 1.0) if total else 1.0
        now = time.monotonic()
        if self.redraws:
            if share < 1 and now - self.last_drawn < 0.1:
                return
            self.last_drawn = now
            filled = round(share * WIDTH)
            line = f"  [{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}  {label}"
            self.longest = max(self.longest, len(line))
            self.out.write("\r" + line.ljust(self.longest))
        else:
            tenth = int(share * 10)
            if tenth == self.last_tenth:
                return
            self.last_tenth = tenth
            self.out.write(f"  {share:4.0%}  {label}\n")
        self.out.flush()

    def end(self) -> None:
        if self.redraws:
            self.out.write("\n")
        self.out.write(f"  done in {time.monotonic() - self.began:.0f} s\n")
        self.out.flush()
