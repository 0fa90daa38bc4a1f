"""Petitions and consultations on other people's pages: a widget to embed, and a picture beside a shared link."""
