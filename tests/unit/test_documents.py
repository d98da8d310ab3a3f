"""Documents are read where they can do no harm, and what can't be read is refused with a reason."""

import io
import zipfile
import zlib

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from core import documents
from core.engines.base import ServiceError


def pdf(text: str, *, pages: int = 1, stream: bytes | None = None) -> bytes:
    """A PDF of one font whose pages all say the text; `stream` replaces what the pages draw, deflated already."""
    content = stream or zlib.compress(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    kids = " ".join(f"{4 + n} 0 R" for n in range(pages))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode()]
    objects.append(f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n".encode() + content + b"\nendstream")
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 {font} >> >> >>"
    objects += [page.encode()] * pages
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def docx(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 1).text = "Python"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_pdf_gives_its_text() -> None:
    assert documents.read_document(pdf("Ten years of SQL")) == "Ten years of SQL"


def test_a_word_file_gives_its_paragraphs_and_tables() -> None:
    assert documents.read_document(docx("Ada Lovelace", "Analyst")).split() == ["Ada", "Lovelace", "Analyst", "Python"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_taken_in_its_encoding(encoding: str) -> None:
    assert documents.read_document("Zoë ❤ data".encode(encoding)) == "Zoë ❤ data"


def test_what_a_file_is_its_first_bytes_say() -> None:
    assert documents.read_document(b"just text, whatever the name") == "just text, whatever the name"


def locked() -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf("secret"))))
    writer.encrypt("a password")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (documents.MOST_UNPACKED + 1))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (pdf("x", pages=100), "100 pages"),
        (zip_bomb(), "unfolds"),
        (locked(), "password"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (b"PK\3\4 no archive", "damaged"),
        (b"\x7fELF\0\0\0", "damaged"),
        (b"x" * (documents.LARGEST + 1), "10 MB"),
        (pdf(""), "no text"),
        (pdf("", stream=zlib.compress(b"\0" * 100_000_000, 9)), "could not be read|damaged|no text"),
    ],
    ids=["empty", "pages", "zip bomb", "password", "half a PDF", "no archive", "program", "size", "scan", "PDF bomb"],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ServiceError, match=reason):
        documents.read_document(data)


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_RUN", "import time; time.sleep(60)")
    monkeypatch.setattr(documents, "SECONDS", 1)
    with pytest.raises(ServiceError, match="too long"):
        documents.read_document(b"anything")
