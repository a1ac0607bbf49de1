"""Sites."""

import streamlit as st

st.write("sites")
