"""The text of a document that somebody uploads: a PDF, a Word file or plain text, read where it can do no harm.

Reading happens in a process of its own with limits on time and memory, because both formats can be made to hang a reader
or to unfold to gigabytes. Only text comes back, and what a file is, its first bytes say, not its name.
"""

import io
import json
import subprocess
import sys
import zipfile

from core.engines.base import Fault, ServiceError

SECONDS = 10
MEMORY = 512 * 1024 * 1024
LARGEST = 10 * 1024 * 1024
MOST_PAGES = 50
MOST_UNPACKED = 60 * 1024 * 1024
MOST_LETTERS = 60_000
"""What is kept of a document: twenty times a usual CV."""


def read_document(data: bytes) -> str:
    """The document's text; raises ServiceError with a sentence that says why it can't be read."""
    if not data:
        raise _refused("The file is empty.")
    if len(data) > LARGEST:
        raise _refused(f"The file has {len(data) / 2**20:.0f} MB; {LARGEST // 2**20} MB is the most.")
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {_root()!r}); {_RUN}"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 our own interpreter and code
    except subprocess.TimeoutExpired:
        raise _refused("The file took too long to read. Please paste its text instead.") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:  # killed by one of its limits, or by the file
        raise _refused("The file could not be read. Please paste its text instead.") from None
    if "fault" in answer:
        raise _refused(str(answer["fault"]))
    text = str(answer["text"]).strip()
    if not text:
        raise _refused("There is no text in the file; it may be a scan. Please paste the text instead.")
    return text[:MOST_LETTERS]


_RUN = "from core.documents import _worker; _worker()"


def _root() -> str:
    from core.config import ROOT

    return str(ROOT)


def _refused(sentence: str) -> ServiceError:
    return ServiceError(Fault.BAD_INPUT, sentence, retryable=False)


def _worker() -> None:
    """The other process: bytes in, one JSON object out."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    try:
        answer = {"text": _extract(data)}
    except _TooMuchError as error:
        answer = {"fault": str(error)}
    except Exception:  # noqa: BLE001 the readers raise all kinds of errors on broken files, and this process ends here
        answer = {"fault": "The file is damaged, or not a PDF, Word or text file. Please paste its text instead."}
    sys.stdout.write(json.dumps(answer))


class _TooMuchError(Exception):
    """The document is larger than any CV; the message is for the learner."""


def _extract(data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK"):
        return _docx(data)
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("binary")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return data.decode(encoding, "replace")


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _TooMuchError("The PDF is protected by a password. Please paste its text instead.")
    if len(reader.pages) > MOST_PAGES:
        raise _TooMuchError(f"The PDF has {len(reader.pages)} pages; {MOST_PAGES} is the most.")
    return "\n".join(page.extract_text() for page in reader.pages)


def _docx(data: bytes) -> str:
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise _TooMuchError("The Word file unfolds to far more than a CV can have, so it was not opened.")
    document = Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
