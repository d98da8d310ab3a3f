"""One page of a list, and the means to turn over."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def page_of(found: Sequence[T], most: int, key: str) -> Sequence[T]:
    """Those of the page that is looked at, with the means to turn over where there are several; the address has the page."""
    pages = -(-len(found) // most)
    page = min(st.pagination(pages, key=key, bind="query-params"), pages) if pages > 1 else 1
    return found[(page - 1) * most : page * most]
