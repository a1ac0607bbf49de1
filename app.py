"""The web door: page setup, menu and routes. Started by ``deimap app``."""

import streamlit as st

from ui.routes import ROUTES

if __name__ == "__main__":  # Streamlit runs this file for every page view
    from ui.frame import MENU, open_page

    st.set_page_config("Deimap", "static/signs/deimap.svg", layout="wide")
    open_page(MENU)
else:  # the server imports it once
    app = st.App(__file__, routes=ROUTES)
