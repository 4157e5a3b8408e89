"""Numbers of which little is known, and the arithmetic by which they are drawn, with the same bits everywhere."""
