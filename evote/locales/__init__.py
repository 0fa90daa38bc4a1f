"""Languages without the web: catalogues of sentences, and how numbers, times and order are written.

Everything here is pure or reads the catalogues' files only; the registrar's offline command uses it too.
"""
