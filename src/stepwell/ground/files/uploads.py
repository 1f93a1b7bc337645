"""How an upload is taken in: in memory, never in a temporary file in the open, and no further than it may be large."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile

#: What a form has beside its file.
BESIDE = 100_000


def largest() -> int:
    return int(settings.STEPWELL_LARGEST_FILE_MB) * 1_000_000


class InMemory(MemoryFileUploadHandler):
    """Holds a file in memory while its page is small enough; of a larger one it takes nothing, and says so."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django calls it so
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.activated = content_length <= largest() + BESIDE
        if not self.activated and self.request is not None:
            self.request.upload_was_too_large = True  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if not self.activated:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return super().file_complete(file_size) if self.activated else None
