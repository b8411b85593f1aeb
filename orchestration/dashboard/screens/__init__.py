"""The dashboard's pages, one a file: each reads, shows, and lets commands do what changes things.

The folder is not called `pages`: streamlit would take each file of such a folder for a script.
"""
