"""Viva's front door: the ASGI app when the server imports it, the menu and router when Streamlit runs it."""

from pathlib import Path

import streamlit as st

if __name__ != "__main__":
    from starlette.middleware import Middleware

    from ui.services import services
    from ui.web import exports, sound
    from ui.web.launch import check_settings, claim_routing, lifespan, start_services
    from ui.web.middleware import Gate
    from ui.web.routes import routes

    check_settings()
    claim_routing()
    start_services()
    app = st.App(
        __file__,
        routes=[*routes(), *exports.routes(), *sound.routes()],
        middleware=[Middleware(Gate, services=services)],
        lifespan=lifespan,
    )

else:
    from core.accounts.permissions import Role, Viewer
    from ui.access import find_viewer, told
    from ui.downloads import OWN_CSV
    from ui.people import role_name
    from ui.safe import plain

    EVERYONE, STAFF = set(Role), {Role.MANAGER, Role.ADMIN}
    WIDE = {"Progress", "Cohorts"}
    PAGES = [
        ("Start", "Home", ":material/home:", EVERYONE),
        ("Practise", "Practise", ":material/mic:", EVERYONE),
        ("Review", "Review", ":material/history:", EVERYONE),
        ("Progress", "Progress", ":material/trending_up:", EVERYONE),
        ("Cohorts", "Cohorts", ":material/groups:", STAFF),
        ("Quality", "Quality", ":material/verified:", STAFF),
        ("Prompts", "Prompts", ":material/edit_note:", {Role.ADMIN}),
        ("People", "People", ":material/manage_accounts:", STAFF),
        ("Programmes", "Programmes", ":material/account_tree:", STAFF),
        ("Account", "Account", ":material/account_circle:", EVERYONE),
    ]

    def draw_foot(viewer: Viewer) -> None:
        """Who is signed in, and the way out."""
        with st.sidebar:
            st.markdown(f"**{plain(viewer.name)}**  \n{role_name(viewer.role)}")
            if viewer.is_sample:
                st.badge("Sample data", icon=":material/science:", color="violet")
            if st.button("Sign out", icon=":material/logout:", type="tertiary"):
                st.logout()

    brand = Path(__file__).parent / "ui" / "brand"
    # The icon is said first: until then the browser would ask another host for that of the page.
    st.set_page_config(page_title="Viva", page_icon=brand / "icon.svg")
    st.logo(brand / "logo.svg", size="large", icon_image=brand / "icon.svg")
    st.html(OWN_CSV)
    viewer = find_viewer()
    # Every page is registered for everybody: each asks for the role itself, and an unknown address makes a poor answer.
    chosen = st.navigation(
        [
            st.Page(
                f"pages/{name}.py",
                title=title,
                icon=icon,
                default=name == "Start",
                visibility="visible" if viewer and viewer.role in roles else "hidden",
            )
            for name, title, icon, roles in PAGES
        ]
    )
    # Here for all pages: a second layout, set by the page, would make it jump.
    st.set_page_config(layout="wide" if chosen.title in WIDE else "centered")
    if viewer:
        draw_foot(viewer)
    with told():
        chosen.run()
