"""Viva's own small pieces for the browser, whose scripts come from this server, so that the content policy lets them run."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

HERE = Path(__file__).parent
SCRIPTS = "scripts"
"""The folder, beside this file, of what is sent to browsers."""


def component(name: str, html: str, css: str = "") -> ComponentRenderer:
    """The component whose script is `name`.js; called in the page's script, for each server has a registry of its own."""
    registry, key = get_bidi_component_manager(), f"viva.{name}"
    if registry.get(key) is None:
        # What a package would declare in its pyproject.toml; inline scripts would need "blob:" in the content policy.
        registry.register_from_manifest(ComponentManifest("viva", "1", [ComponentConfig(name, SCRIPTS)]), HERE)
    return st.components.v2.component(key, html=html, css=css or None, js=f"{name}.js")
