"""The public pages: elections, board, result, record and explanations. They read; they change nothing but a login."""
