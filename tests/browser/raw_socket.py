"""A client that speaks Streamlit's websocket itself, for doors that a browser wouldn't try."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 30.0


@contextmanager
def raw_socket(
    base: str, cookie: str | None, *, origin: str | None = "", name: str = "viva", **headers: str
) -> Iterator["RawSocket"]:
    """One tab's socket, from a page of `base` unless another origin is named; InvalidStatus where it is refused."""
    sent = headers if cookie is None else {"Cookie": f"{name}={cookie}", **headers}
    with connect(
        base.replace("http://", "ws://") + "/_stcore/stream",
        origin=Origin(base if origin == "" else origin) if origin is not None else None,
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=sent,
        max_size=None,
        open_timeout=PATIENCE,
    ) as connection:
        yield RawSocket(connection)


class RawSocket:
    """What a tab asks for."""

    def __init__(self, connection: ClientConnection) -> None:
        self._socket = connection

    def run(self, page: str, **query: str) -> "Drawn":
        """Ask for a page by its name, as a deep link does."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = urlencode(query)
        self._socket.send(message.SerializeToString())
        return self._receive()

    def run_fragment(self, fragment: str, page: str, **query: str) -> "Drawn":
        """Ask for one fragment of a page to be drawn again."""
        self.post_fragment(fragment, page, **query)
        return self._receive()

    def post_fragment(self, fragment: str, page: str, **query: str) -> None:
        """The same without waiting: what the server doesn't know it leaves unanswered."""
        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.page_script_hash = page
        message.rerun_script.query_string = urlencode(query)
        self._socket.send(message.SerializeToString())

    def _receive(self) -> "Drawn":
        drawn = Drawn()
        while True:
            data = self._socket.recv(PATIENCE)
            assert isinstance(data, bytes)
            part = ForwardMsg.FromString(data)
            drawn.take(part, data)
            if part.WhichOneof("type") == "script_finished":
                if part.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return drawn


class Drawn:
    """What the server has sent in answer: all of its bytes, the names in data frames included."""

    def __init__(self) -> None:
        self.raw = b""
        self.fragments: set[str] = set()
        self.page = ""

    def take(self, part: ForwardMsg, data: bytes) -> None:
        self.raw += data
        if part.WhichOneof("type") == "new_session":
            self.page = part.new_session.page_script_hash
        if part.WhichOneof("type") == "delta" and part.delta.fragment_id:
            self.fragments.add(part.delta.fragment_id)

    def shows(self, words: str) -> bool:
        """Whether these words are in it anywhere; names reach pages with their Markdown escaped."""
        return words.encode() in self.raw.replace(b"\\", b"")
