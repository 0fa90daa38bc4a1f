"""The web application of the voting system. Importing it loads nothing else: the offline registrar lives here too."""
