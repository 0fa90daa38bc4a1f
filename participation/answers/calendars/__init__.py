"""Working-day calendars as data; an operator may add files of the same form."""
